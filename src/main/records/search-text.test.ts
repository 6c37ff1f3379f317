import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSearch } from './search-text';

describe('parseSearch', () => {
  it('finds nothing to look for in blanks', () => {
    expect(parseSearch(' \t ')).toEqual({ kind: 'none' });
    expect(parseSearch('\0')).toEqual({ kind: 'none' });
  });

  it('takes wildcards literally', () => {
    expect(parseSearch('50%_\\')).toMatchObject({ contains: '%50\\%\\_\\\\%', startsWith: '50\\%\\_\\\\%' });
  });

  it('knows a whole UUID', () => {
    const uuid = 'A0000000-0000-4000-8000-000000000001';
    expect(parseSearch(uuid)).toMatchObject({ kind: 'text', uuid });
    expect(parseSearch(uuid.slice(1))).toMatchObject({ uuid: null });
  });

  it('keeps only the hash of a pasted key', () => {
    const key = 'sk-1234567890abcdef';
    const keyHash = createHash('sha256').update(key).digest('hex');
    expect(parseSearch(`  ${key}\n`)).toEqual({ kind: 'key', keyHash });
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9_-]{8,60}$/), (rest) => {
        expect(JSON.stringify(parseSearch(`sk-${rest}`))).not.toContain(rest);
      }),
    );
  });

  it('looks for the beginning of a key as text, and for a short key by its hash', () => {
    expect(parseSearch('sk-Ax7m')).toMatchObject({
      kind: 'text',
      startsWith: 'sk-Ax7m%',
      keyHash: createHash('sha256').update('sk-Ax7m').digest('hex'),
    });
    expect(parseSearch('task-1')).toMatchObject({ kind: 'text', keyHash: null });
  });
});
