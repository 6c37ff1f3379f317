import { createHash } from 'node:crypto';

/** Random-looking choices that are the same on every machine and every time. */
export interface Random {
  /** 0 ≤ value < 1. */
  next(): number;
  /** 0 ≤ value < `limit`, whole. */
  below(limit: number): number;
  /** The first is the most likely, the n-th about 1/n as likely (Zipf): few are busy, many are not. */
  favouring<T>(choices: readonly [T, ...T[]]): T;
}

/** mulberry32: small, good enough for a demonstration, and not meant for anything secret. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    next,
    below,
    favouring: (choices) => {
      const index = Math.floor(Math.exp(next() * Math.log(choices.length + 1))) - 1;
      return choices[Math.min(index, choices.length - 1)] ?? choices[0];
    },
  };
}

/** The same name gives the same UUID (version 5 layout), so that a demo record is recognised again. */
export function demoId(name: string): string {
  const hex = createHash('sha1').update(`litemaas-console/demo/${name}`).digest('hex');
  const variant = ((Number.parseInt(hex.slice(16, 18), 16) & 0x3f) | 0x80).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `5${hex.slice(13, 16)}`,
    `${variant}${hex.slice(18, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}
