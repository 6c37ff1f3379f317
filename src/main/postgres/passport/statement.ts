import type { Passport } from '../../../shared/contract/passport';
import { say } from '../../kernel/say';
import type { FoundGeneration } from './upstream-generations';

interface PassportFacts {
  readonly kind: Passport['kind'];
  readonly generation: FoundGeneration | null;
  /** Where LiteMaaS's tables were found; null where there are none. */
  readonly schema: string | null;
  readonly holdsLitellm: boolean;
  /** Our own tables are there and the ledger of migrations is not. */
  readonly lostLedger: boolean;
}

/** Which database it is and, unless it is ours, what the screens can do there, in whole sentences. */
export function describePassport({
  kind,
  generation,
  schema,
  holdsLitellm,
  lostLedger,
}: PassportFacts): string {
  const sentences = [whichOne(kind, generation, lostLedger)];
  if (schema !== null && schema !== 'public') sentences.push(say('health.passport.inSchema', { schema }));
  if (generation?.upgradedInPlace === true) sentences.push(say('health.passport.upgradedInPlace'));
  if (generation && generation.missing.length > 0) {
    sentences.push(say('health.passport.incomplete', { missing: generation.missing.join(', ') }));
  }
  if (holdsLitellm && kind !== 'litellm') sentences.push(say('health.passport.withLitellm'));
  // Of our own database the ledger says what works, which not everybody who looks may read.
  if (kind === 'empty') sentences.push(say('health.passport.emptyWorks'));
  else if (kind !== 'console') sentences.push(say('health.passport.foreignWorks'));
  return sentences.join(' ');
}

function whichOne(kind: Passport['kind'], generation: FoundGeneration | null, lostLedger: boolean): string {
  if (kind === 'litemaas') return whichRelease(generation);
  if (kind === 'document' && lostLedger) return say('health.passport.documentWithoutLedger');
  return say(`health.passport.${kind}`);
}

function whichRelease(generation: FoundGeneration | null): string {
  const release = generation?.release ?? '';
  const before = generation?.before ?? null;
  return before === null
    ? say('health.passport.litemaas', { release })
    : say('health.passport.litemaasBefore', { release, before });
}
