import { describe, expect, it } from 'vitest';
import { mayHoldKey } from './may-hold-key';

describe('a text that may hold a key', () => {
  it.each(['sk-', 'sk-abc123', 'SK-abc', "where token = 'sk-abc'", 'find sk-abc', 'key=sk-a', '_sk-a'])(
    'is one with a key or the beginning of one: %s',
    (text) => expect(mayHoldKey(text)).toBe(true),
  );

  it.each(['', 'desk-1', 'task-runner', 'mask-rcnn', 'DISK-full', '0sk-1', 'sk'])(
    'is none with those letters inside a word: %s',
    (text) => expect(mayHoldKey(text)).toBe(false),
  );
});
