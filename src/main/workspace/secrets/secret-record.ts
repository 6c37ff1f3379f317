import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { SecretReading, SecretReference, SecretTarget } from './secret-store';
import { say } from '../../kernel/say';

const record = z.object({ version: z.literal(1), target: z.string(), value: z.string() });

/** The name under which a backend keeps a secret: one per profile and kind, so a changed target replaces it. */
export function secretName({ profileId, target }: SecretReference): string {
  return nameOf(profileId, target.kind);
}

/** The names of everything that may be kept for a profile. */
export function secretNames(profileId: string): string[] {
  return (['database', 'proxy'] as const).map((kind) => nameOf(profileId, kind));
}

function nameOf(profileId: string, kind: SecretTarget['kind']): string {
  return `${profileId}/${kind}`;
}

/** The secret with a fingerprint of its target, as the backends keep it. */
export function sealRecord(target: SecretTarget, value: string): string {
  return JSON.stringify({ version: 1, target: fingerprint(target), value });
}

/** Opens what a backend kept; a record for another target does not give its value away. */
export function openRecord(target: SecretTarget, sealed: string): SecretReading {
  let content: z.infer<typeof record>;
  try {
    content = record.parse(JSON.parse(sealed));
  } catch {
    return { state: 'unreadable', message: say('secrets.damaged') };
  }
  if (content.target === fingerprint(target)) return { state: 'found', value: content.value };
  const message = target.kind === 'database' ? say('secrets.otherServer') : say('secrets.otherProxy');
  return { state: 'other-target', message };
}

function fingerprint(target: SecretTarget): string {
  const parts =
    target.kind === 'database'
      ? [target.kind, target.host.toLowerCase(), String(target.port), target.user, target.database]
      : [target.kind, new URL(target.origin).origin];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
