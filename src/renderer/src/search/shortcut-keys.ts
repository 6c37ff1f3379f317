import type { Command } from './commands';

/** A second key counts as following the first for this long. */
export const sequencePauseMs = 1_500;

/** True where ⌘ takes the place of Ctrl. */
export const isMac: boolean = /mac/i.test(globalThis.navigator?.userAgent ?? '');

type Pressed = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>;

/** A pressed key as the table of commands writes it; null for what is no shortcut of ours (Alt, the other modifier). */
export function keyName({ key, ctrlKey, metaKey, altKey }: Pressed, mac = isMac): string | null {
  const [mod, other] = mac ? [metaKey, ctrlKey] : [ctrlKey, metaKey];
  if (other || key.length !== 1) return null;
  if (mod) return altKey ? null : `mod+${key.toLowerCase()}`;
  // On many keyboards characters such as "/" need AltGr, which reads as Alt: what counts is the character.
  return altKey && /[a-z0-9]/i.test(key) ? null : key.toLowerCase();
}

interface SequenceStep {
  readonly command: Command | null;
  /** Keys that wait for the next one. */
  readonly waiting: readonly string[];
}

/** What one more key after those that wait means among the given commands. */
export function nextStep(
  commands: readonly Command[],
  waiting: readonly string[],
  key: string,
): SequenceStep {
  const pressed = [...waiting, key];
  const matching = commands.filter(({ keys = [] }) => pressed.every((name, place) => keys[place] === name));
  const command = matching.find(({ keys }) => keys?.length === pressed.length) ?? null;
  if (command !== null) return { command, waiting: [] };
  if (matching.length > 0) return { command: null, waiting: pressed };
  // The key may begin another sequence.
  return waiting.length === 0 ? { command: null, waiting: [] } : nextStep(commands, [], key);
}

/** Keys as they stand on the keyboard: `Ctrl`, `K`; or `⌘`, `K`. */
export function keyLabels(key: string, mac = isMac): readonly string[] {
  const isChord = key.startsWith('mod+');
  const last = isChord ? key.slice('mod+'.length) : key;
  const label = last.length === 1 ? last.toUpperCase() : last;
  return isChord ? [mac ? '⌘' : 'Ctrl', label] : [label];
}
