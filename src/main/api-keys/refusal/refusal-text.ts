import { createHash } from 'node:crypto';
import type { RefusalReason } from '../../../shared/records/api-keys';

/** What somebody pasted: a key, an alias, or what a client was answered. Of a key only its hash is left. */
export interface RefusalText {
  readonly keyHash: string | null;
  /** The text without keys. */
  readonly text: string;
  /** What it says was the reason; NULL where it says none that is known. */
  readonly reason: RefusalReason | null;
  /** All amounts in it, as decimal text: one of them is the limit, another what was spent. */
  readonly amounts: readonly string[];
}

const wholeKey = /\bsk-[\w-]{16,}/;
const hash = /\b[0-9a-f]{64}\b/;
const everyKey = /\bsk-[\w.-]{4,}|\b[0-9a-f]{64}\b/g;
const amount = /(?<![\w.-])\d{1,15}(?:\.\d{1,12})?(?![\w-]|\.\d)/g;
const mostAmounts = 20;

const reasons = [
  ['budget', /budget|spend|spent/i],
  ['rate', /rate.?limit|too many requests|\b[rt]pm\b|per minute/i],
  ['expired', /expired/i],
  ['blocked', /blocked|scim/i],
  ['model', /not allowed to access model|model.{0,20}access|access.{0,20}model|invalid model/i],
  ['key', /invalid.{0,30}(?:token|key)|(?:token|key).{0,20}not found|not found in db/i],
] as const;

/** Reads what was pasted. A key in it is hashed here and goes no further. */
export function readRefusalText(pasted: string): RefusalText {
  const key = wholeKey.exec(pasted)?.[0];
  const keyHash =
    key === undefined ? (hash.exec(pasted)?.[0] ?? null) : createHash('sha256').update(key).digest('hex');
  const text = pasted.replaceAll(everyKey, '…').replaceAll('\0', '').trim();
  return {
    keyHash,
    text,
    reason: reasons.find(([, pattern]) => pattern.test(text))?.[0] ?? null,
    amounts: [...new Set(text.match(amount) ?? [])].slice(0, mostAmounts),
  };
}
