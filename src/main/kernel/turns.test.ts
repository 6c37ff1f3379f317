import { expect, it } from 'vitest';
import { createTurns } from './turns';

it('does what has one name in turn, and other things meanwhile', async () => {
  const inTurn = createTurns();
  const steps: string[] = [];
  let goOn = (): void => undefined;
  const first = inTurn('crew', async () => {
    steps.push('first begins');
    await new Promise<void>((resolve) => (goOn = resolve));
    steps.push('first ends');
    throw new Error('first failed');
  });
  const second = inTurn('crew', () => {
    steps.push('second');
    return Promise.resolve('done');
  });
  await inTurn('other', () => Promise.resolve(steps.push('other')));
  expect(steps).toEqual(['first begins', 'other']);
  goOn();
  await expect(first).rejects.toThrow('first failed');
  expect(await second).toBe('done');
  expect(steps).toEqual(['first begins', 'other', 'first ends', 'second']);
  expect(await inTurn('crew', () => Promise.resolve('again'))).toBe('again');
});
