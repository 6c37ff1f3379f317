import * as z from 'zod';
import { compareDecimals } from '../../../shared/decimal';
import type { Connection } from '../../postgres/database';
import type { LitellmClient } from '../client/client';
import { isNotThere } from '../client/failures';
import { type Fields, sameValue } from '../mapping/fields';
import { keyRow, type KeyRow } from './key-rows';
import { mapKey } from './map-key';
import { readKeyOwners } from './pull-keys';

const keyAnswer = z.looseObject({ info: z.looseObject({ deleted_at: z.string().nullish() }) });

/** One key of the proxy, and when the proxy said so. */
export interface RemoteKey {
  readonly row: KeyRow;
  /** By the proxy's own clock, where it tells the time. */
  readonly at: Date;
}

/**
 * Looks a key up by its hash. Null where LiteLLM does not have it: late releases go on showing a deleted key, with the
 * day it was deleted.
 * @throws AppError as {@link LitellmClient} `read` does.
 */
export async function readRemoteKey(
  client: LitellmClient,
  hash: string,
  signal: AbortSignal,
): Promise<RemoteKey | null> {
  try {
    const { value, headers } = await client.read({
      path: '/key/info',
      query: { key: hash },
      schema: keyAnswer,
      signal,
    });
    if (value.info.deleted_at) return null;
    const said = Date.parse(headers.date ?? '');
    return {
      row: keyRow.parse({ ...value.info, token: hash }),
      at: new Date(Number.isNaN(said) ? Date.now() : said),
    };
  } catch (error) {
    if (isNotThere(error)) return null;
    throw error;
  }
}

/** A remote key in our columns; null where it is LiteLLM's own and no record of ours. */
export async function fieldsOf(
  connection: Connection,
  proxyId: string,
  row: KeyRow,
): Promise<{ readonly fields: Fields; readonly finding: string | null } | null> {
  const owners = await readKeyOwners(connection, proxyId, [row]);
  // Whoever owns it over there may be unknown here: that is no reason to leave it as it is.
  const { userId, ...rest } = owners(row);
  const mapped = mapKey({ ...row, user_id: row.user_id ?? '' }, { ...rest, userId: userId ?? '' });
  return mapped.home ? { fields: mapped.fields, finding: mapped.finding } : null;
}

/** Our words for a budget's duration and LiteLLM's, spelled one way. */
const durations: Readonly<Record<string, string | null>> = {
  lifetime: null,
  daily: '1d',
  weekly: '7d',
  monthly: '1mo',
  '30d': '1mo',
  yearly: '365d',
};

/** What LiteLLM calls a budget's duration of ours; null for none. */
export function remoteDuration(duration: unknown): string | null {
  if (typeof duration !== 'string' || duration === '') return null;
  return Object.hasOwn(durations, duration) ? (durations[duration] ?? null) : duration;
}

/** Whether every release means by it what it says: others are taken for "every midnight" by older ones. */
export function isSoundDuration(duration: string | null): boolean {
  return duration === null || duration === '1mo' || /^[1-9]\d{0,5}[smhd]$/.test(duration);
}

/** The models a key's list names over there: ours, and entries that are no models of ours. */
export function modelListOf(fields: Fields): string[] {
  const listed = [fields['models'], fields['litellm_models_raw']].flatMap((list) =>
    Array.isArray(list) ? (list as readonly string[]) : [],
  );
  return [...new Set(listed)].sort();
}

/**
 * Whether both sides hold the same in a column.
 * @param secondsApart how far instants may lie apart: LiteLLM counts an expiry from the moment it hears of it.
 */
export function agrees(column: string, theirs: Fields, ours: Fields, secondsApart: number): boolean {
  if (column === 'models') return sameValue(modelListOf(theirs), modelListOf(ours));
  const [a, b] = [theirs[column] ?? null, ours[column] ?? null];
  if (column === 'budget_duration') return remoteDuration(a) === remoteDuration(b);
  if (column === 'expires_at' && typeof a === 'string' && typeof b === 'string') {
    return Math.abs(Date.parse(a) - Date.parse(b)) <= secondsApart * 1000;
  }
  const areNumbers = typeof a === 'string' && typeof b === 'string' && numbers.has(column);
  return areNumbers ? compareDecimals(a, b) === 0 : sameValue(a, b);
}

const numbers: ReadonlySet<string> = new Set(['max_budget', 'tpm_limit', 'rpm_limit']);
