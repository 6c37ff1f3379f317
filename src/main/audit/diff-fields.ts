import type { AuditChange } from '../../shared/contract/audit';
import { redact } from '../../shared/redact';
import { ExactNumber } from '../kernel/exact-json';
import { maskJson } from '../masking/mask-json';
import { isSecretProperty } from '../masking/secret-names';
import { metadataText } from './metadata-json';

const longestValue = 4_000;
const deepest = 4;

interface Leaf {
  /** Whether it lies in a property that is named for a secret. */
  readonly isSecret: boolean;
  readonly value: unknown;
}

const kindOrder: Record<AuditChange['kind'], number> = { changed: 0, added: 1, removed: 2, same: 3 };

/**
 * Two states of a record, field by field: what changed first, then what was added and removed, then what stayed.
 * Nested objects are taken apart, lists compared whole. Compared before secrets are masked, so that a changed secret
 * shows as changed.
 */
export function diffFields(before: unknown, after: unknown): AuditChange[] {
  const old = leavesOf(before);
  const now = leavesOf(after);
  // JSONB keeps no order of its own that says anything.
  const fields = [...new Set([...old.keys(), ...now.keys()])].sort();
  return fields
    .map((field): AuditChange => {
      const from = old.get(field);
      const to = now.get(field);
      return {
        field: redact(field),
        kind: kindOf(from, to),
        before: from === undefined ? null : shown(from),
        after: to === undefined ? null : shown(to),
      };
    })
    .sort((one, other) => kindOrder[one.kind] - kindOrder[other.kind]);
}

function kindOf(from: Leaf | undefined, to: Leaf | undefined): AuditChange['kind'] {
  if (from === undefined) return 'added';
  if (to === undefined) return 'removed';
  return metadataText(from.value) === metadataText(to.value) ? 'same' : 'changed';
}

function shown({ isSecret, value }: Leaf): string {
  const text = metadataText(maskJson(value, isSecret));
  return text.length > longestValue ? `${text.slice(0, longestValue)}…` : text;
}

function leavesOf(state: unknown): Map<string, Leaf> {
  const leaves = new Map<string, Leaf>();
  const visit = (path: string, isSecret: boolean, value: unknown, depth: number): void => {
    if (isRecord(value) && depth < deepest && Object.keys(value).length > 0) {
      for (const [key, inner] of Object.entries(value)) {
        visit(path === '' ? key : `${path}.${key}`, isSecret || isSecretProperty(key), inner, depth + 1);
      }
    } else if (path !== '') {
      leaves.set(path, { isSecret, value });
    }
  };
  if (isRecord(state)) visit('', false, state, 0);
  return leaves;
}

/** True for a JSON object. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof ExactNumber)
  );
}
