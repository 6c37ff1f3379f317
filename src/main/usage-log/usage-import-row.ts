import { createHash } from 'node:crypto';
import { plainDecimal } from '../../shared/decimal';

/** LiteLLM's own ids of a request, unchanged; null where the proxy logged none. */
export interface LitellmIds {
  readonly userId: string | null;
  readonly teamId: string | null;
  /** The key's hash, never the key. */
  readonly keyId: string | null;
  readonly modelGroup: string | null;
}

/** One request as an import brings it. Ids are the database's own; null where the source has nobody we know. */
export interface UsageImportRow {
  /** LiteLLM's request id; null where the source has none (files), then one is made from the row itself. */
  readonly requestId: string | null;
  /** When the request began: ISO 8601 with its offset or Z, up to microseconds. */
  readonly createdAt: string;
  readonly apiKeyId: string | null;
  /** Null: the request is kept as unattributed usage. */
  readonly subscriptionId: string | null;
  readonly userId: string | null;
  readonly teamId: string | null;
  readonly modelId: string;
  readonly requestTokens: number;
  readonly responseTokens: number;
  /** Decimal text in the price's currency; stored with 12 decimals. */
  readonly inputCost: string;
  readonly outputCost: string;
  readonly latencyMs: number | null;
  readonly statusCode: number | null;
  readonly errorMessage: string | null;
  readonly metadata: Readonly<Record<string, unknown>>;
  /** LiteLLM turned the request away itself: no provider was asked. Left out: false. */
  readonly refusedByLitellm?: boolean | undefined;
  /** Who and what it was in LiteLLM's own ids; left out where the source has none. */
  readonly litellmIds?: LitellmIds | undefined;
  /** The id that an earlier version of the console stored this request under, where that was another. */
  readonly earlierRequestId?: string | undefined;
  /**
   * Who asked, in the source's own terms (such as the key's hash), for rows without a request id. It belongs to the
   * made id in place of `apiKeyId`, so that the id stays the same once the key is known to us.
   */
  readonly sourceIdentity?: string | undefined;
  /** Why there is no subscription, where the importer knows better than `unknown_key` or `no_subscription`. */
  readonly unattributedReason?: string | undefined;
}

/**
 * Gives every row an id that a repeated import gives it again: LiteLLM's own, else `file:` + SHA-256 of the row's
 * fields + its number among equal rows of this import. What we resolved (subscription, user, team) is left out: it may
 * be resolved differently next time.
 */
export class RequestIds {
  readonly #occurrences = new Map<string, number>();

  of(row: UsageImportRow): string {
    if (row.requestId !== null) return row.requestId;
    const hash = createHash('sha256').update(canonicalFields(row)).digest('hex');
    const occurrence = (this.#occurrences.get(hash) ?? 0) + 1;
    this.#occurrences.set(hash, occurrence);
    return `file:${hash}:${occurrence}`;
  }
}

function canonicalFields(row: UsageImportRow): string {
  return JSON.stringify([
    canonicalInstant(row.createdAt),
    row.sourceIdentity ?? row.apiKeyId,
    row.modelId,
    row.requestTokens,
    row.responseTokens,
    plainDecimal(row.inputCost),
    plainDecimal(row.outputCost),
    row.latencyMs,
    row.statusCode,
    row.errorMessage,
  ]);
}

const instantPattern = /^(\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?(Z|[+-]\d{2}(?::?\d{2})?)$/;

/** The same instant in one spelling: UTC with microseconds. A spelling it does not know stays as it is. */
function canonicalInstant(text: string): string {
  const [, seconds, fraction = '', offset = 'Z'] = instantPattern.exec(text) ?? [];
  if (seconds === undefined) return text;
  const padded = /^[+-]\d{2}$/.test(offset)
    ? `${offset}:00`
    : offset.replace(/^([+-]\d{2})(\d{2})$/, '$1:$2');
  const milliseconds = Date.parse(`${seconds.replace(' ', 'T')}${padded}`);
  if (Number.isNaN(milliseconds)) return text;
  return `${new Date(milliseconds).toISOString().slice(0, 19)}.${fraction.slice(0, 6).padEnd(6, '0')}Z`;
}
