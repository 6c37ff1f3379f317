import * as z from 'zod';
import { compareDecimals } from '../../../shared/decimal';
import { namesOfEveryModel } from '../../../shared/records/api-keys';
import type { Connection } from '../../postgres/database';
import type { LitellmClient } from '../client/client';
import { isNotThere } from '../client/failures';
import { type Fields, type FieldValue, sameValue } from '../mapping/fields';
import { keyRow, type KeyRow } from './key-rows';
import { mapKey } from './map-key';
import { readKeyOwners } from './pull-keys';

const deletedAnswer = z.looseObject({ info: z.looseObject({ deleted_at: z.string().min(1) }) });

/** What `/key/info` says of the key with this hash; null where it says that the key was deleted. */
const answerOf = (hash: string) =>
  z.union([
    deletedAnswer.transform(() => null),
    z
      .looseObject({
        info: z
          .looseObject({})
          .transform((info) => ({ ...info, token: hash }))
          .pipe(keyRow),
      })
      .transform(({ info }) => info),
  ]);

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
      schema: answerOf(hash),
      signal,
    });
    if (value === null) return null;
    const said = Date.parse(headers.date ?? '');
    return {
      row: value,
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

/** What both lists allow. A list that names every model, as an empty one does over there, allows all of the other. */
export function modelsOfBoth(theirs: readonly string[], ours: readonly string[]): string[] {
  const there = theirs.length === 0 ? namesOfEveryModel : theirs;
  const both = [
    ...ours.filter((model) => allows(there, model)),
    ...theirs.filter((model) => allows(ours, model)),
  ];
  return [...new Set(both)].sort();
}

function allows(list: readonly string[], model: string): boolean {
  return list.some(
    (entry) =>
      entry === model ||
      namesOfEveryModel.includes(entry) ||
      (entry.endsWith('/*') && model.startsWith(entry.slice(0, -1))),
  );
}

/** When a key ends, in milliseconds; `Infinity` for never, as PostgreSQL's `infinity` and years past JavaScript's are. */
export function endOf(instant: FieldValue | undefined): number {
  if (typeof instant !== 'string') return Infinity;
  if (instant === '-infinity' || instant.endsWith('BC')) return -Infinity;
  const end = Date.parse(instant);
  return Number.isNaN(end) ? Infinity : end;
}

/** Two ends that are over are the same to a key: the proxy counts one from when it hears of it, never backwards. */
function sameEnd(a: number, b: number, apartMs: number): boolean {
  return a === b || Math.abs(a - b) <= apartMs || Math.max(a, b) <= Date.now() + apartMs;
}

/**
 * Whether both sides hold the same in a column.
 * @param secondsApart how far instants may lie apart: LiteLLM counts an expiry from the moment it hears of it.
 */
export function agrees(column: string, theirs: Fields, ours: Fields, secondsApart: number): boolean {
  if (column === 'models') return sameValue(modelListOf(theirs), modelListOf(ours));
  const [a, b] = [theirs[column] ?? null, ours[column] ?? null];
  if (column === 'budget_duration') return remoteDuration(a) === remoteDuration(b);
  if (column === 'expires_at') return sameEnd(endOf(a), endOf(b), secondsApart * 1000);
  const areNumbers = typeof a === 'string' && typeof b === 'string' && numbers.has(column);
  return areNumbers ? compareDecimals(a, b) === 0 : sameValue(a, b);
}

const numbers: ReadonlySet<string> = new Set(['max_budget', 'tpm_limit', 'rpm_limit']);
