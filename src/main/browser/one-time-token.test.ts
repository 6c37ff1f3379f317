import { describe, expect, it } from 'vitest';
import { createOneTimeToken } from './one-time-token';

function start() {
  const clock = { now: 1_000 };
  const announced: string[] = [];
  const token = createOneTimeToken({
    now: () => clock.now,
    replacementIntervalMs: 30_000,
    announce: (value) => announced.push(value),
  });
  return { clock, announced, token, newest: () => announced.at(-1) ?? '' };
}

describe('one-time token', () => {
  it('is exchanged once; asking again announces the next', () => {
    const { token, announced, newest } = start();
    const first = newest();
    expect(token.exchange(first)).toBe(true);
    expect(announced).toHaveLength(1);
    expect(token.exchange(first)).toBe(false);
    expect(announced).toHaveLength(2);
    expect(token.exchange(newest())).toBe(true);
  });

  it('stays in force for the interval once the replacements at once are used up', () => {
    const { token, announced, clock, newest } = start();
    for (let attempt = 0; attempt < 100; attempt += 1) token.exchange('wrong');
    expect(announced).toHaveLength(4);
    clock.now += 29_999;
    token.exchange('wrong');
    expect(announced).toHaveLength(4);
    clock.now += 1;
    token.exchange('wrong');
    token.exchange('wrong');
    expect(announced).toHaveLength(5);
    expect(token.exchange(newest())).toBe(true);
  });

  it('is always announced anew when none is in force, however many wrong ones came before', () => {
    const { token, announced, newest } = start();
    for (let attempt = 0; attempt < 100; attempt += 1) token.exchange('wrong');
    expect(token.exchange(newest())).toBe(true);
    token.exchange('');
    expect(announced).toHaveLength(5);
    expect(token.exchange(newest())).toBe(true);
  });
});
