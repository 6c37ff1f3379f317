/* global performance, process */
import { parentPort } from 'node:worker_threads';

const millisecondsPerPlace = 0.0002;

/**
 * Tries an expression on texts: all of them at a twentieth of the length, at the whole length those that were slowest
 * and those that took more than their share. Says before each text that it begins, and how long the slow ones took.
 */
parentPort.on('message', ({ source, flags, texts, length, limit }) => {
  const pattern = new RegExp(source, flags);
  const short = texts.map((text, index) => ({
    index,
    milliseconds: timed(pattern, text, length / 20, limit / 20, index),
  }));
  const suspects = short
    .sort((one, other) => other.milliseconds - one.milliseconds)
    .filter(({ milliseconds }, rank) => rank < 3 || milliseconds > limit / 20);
  const slow = suspects
    .slice(0, 20)
    .map(({ index }) => ({ index, milliseconds: timed(pattern, texts[index], length, limit, index) }))
    .filter(({ milliseconds }) => milliseconds > limit);
  parentPort.postMessage({ slow });
});

function timed(pattern, { first, part, last }, length, limit, index) {
  parentPort.postMessage({ begun: index });
  const times = Math.max(1, Math.floor((length - first.length - last.length) / part.length));
  const text = first + part.repeat(times) + last;
  text.charCodeAt(0);
  // A first run also compiles; a slow one is tried again, as the machine may be busy.
  let best = Infinity;
  for (let run = 0; run < 5 && best > limit; run += 1) best = Math.min(best, look(pattern, text));
  // A million places replaced are work of their own: only what the looking takes counts.
  if (best > limit && pattern.global) best -= millisecondsPerPlace * (text.match(pattern)?.length ?? 0);
  return best;
}

/** Milliseconds of the processor, not of the clock: others may be using it. */
function look(pattern, text) {
  pattern.lastIndex = 0;
  const begin = performance.now();
  const used = process.cpuUsage();
  if (pattern.global) text.replace(pattern, '');
  else pattern.test(text);
  const { user, system } = process.cpuUsage(used);
  return Math.min(performance.now() - begin, (user + system) / 1000);
}
