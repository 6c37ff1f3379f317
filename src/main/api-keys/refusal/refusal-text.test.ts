import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readRefusalText } from './refusal-text';

it('keeps only the hash of a key, wherever in the text it stands', () => {
  fc.assert(
    fc.property(
      fc.stringMatching(/^[A-Za-z0-9_-]{16,40}$/),
      fc.constantFrom('', 'Authorization: Bearer '),
      (rest, before) => {
        const read = readRefusalText(`${before}sk-${rest}\nwas refused`);
        expect(read.keyHash).toBe(createHash('sha256').update(`sk-${rest}`).digest('hex'));
        expect(JSON.stringify(read)).not.toContain(rest);
      },
    ),
  );
});

it('takes no word that ends like a key for one', () => {
  const read = readRefusalText('the task-runner-of-the-harbour was refused');
  expect(read).toMatchObject({ keyHash: null, text: 'the task-runner-of-the-harbour was refused' });
});

it('finds a key by the hash that LiteLLM says', () => {
  const said = 'a'.repeat(64);
  const read = readRefusalText(`Authentication Error. Key Hash (Token) =${said}. Unable to find token`);
  expect(read).toMatchObject({ keyHash: said });
  expect(read.text).not.toContain(said);
});

it.each([
  ['Budget has been exceeded! Current cost: 12.40, Max budget: 0.50', 'budget', ['12.40', '0.50']],
  ['ExceededBudget: User=u1 over budget. Spend=12.4, Budget=0.5', 'budget', ['12.4', '0.5']],
  ['12.40 spent of 0.50', 'budget', ['12.40', '0.50']],
  ['Rate limit exceeded: 60 requests per minute', 'rate', ['60']],
  ['Authentication Error - Expired Key. Key Expiry time 2026-11-01', 'expired', []],
  ['Key is blocked. Update via `/key/unblock`', 'blocked', []],
  ['key not allowed to access model. This key can only access models=[gpt-4]', 'model', []],
  ['Invalid proxy server token passed', 'key', []],
  ['laptop of ana', null, []],
])('reads “%s”', (text, reason, amounts) => {
  expect(readRefusalText(text)).toMatchObject({ reason, amounts });
});
