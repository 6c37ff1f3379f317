import { expect, it } from 'vitest';
import { AppError } from '../../shared/errors';
import { failureText } from './failure-text';

it('says what happened, what to do and where the rest is', () => {
  const error = new AppError('internal', 'The data folder can’t be made.', { hint: 'Choose another.' });
  expect(failureText(error, '/data/logs')).toBe(
    'The data folder can’t be made.\n\nChoose another.\n\nDetails are in /data/logs.',
  );
});

it('holds no stack and no secret', () => {
  const error = new TypeError('connect postgresql://ana:hunter2@db/litemaas with sk-1234567890abcdef');
  const text = failureText(error, null);
  expect(text).toContain('TypeError: connect postgresql://ana:');
  expect(text).not.toMatch(/hunter2|1234567890|\bat /);
});

it('copes with whatever was thrown', () => {
  for (const thrown of [undefined, null, 'text with password=hunter2', {}, 7]) {
    expect(failureText(thrown, null)).toBe('An unknown failure.');
  }
});
