import { AppError } from '../../../shared/errors';
import { redact } from '../../../shared/redact';
import { ExactNumber } from '../../kernel/exact-json';
import { say } from '../../kernel/say';
import type { WriteOutcome, WritePath } from '../client/client';
import type { Fields } from '../mapping/fields';
import { sameValue } from '../mapping/fields';
import type { RemoteObject } from '../pull/store/remote-objects';
import { ensureOwner, isOwnerProblem, type OwnerContext } from './ensure-owner';
import { type LocalKey, readLocalKey } from './local-key';
import {
  agrees,
  endOf,
  fieldsOf,
  isSoundDuration,
  modelListOf,
  modelsOfBoth,
  readRemoteKey,
  type RemoteKey,
  remoteDuration,
} from './remote-key';

/** What LiteLLM has to hear of a key: columns, and those by which access is taken away. */
export interface KeyNews {
  readonly id: string;
  readonly columns: ReadonlySet<string>;
  readonly taken: ReadonlySet<string>;
}

/**
 * What became of it. `waiting`: it may be sent again (`isAway`: so may nothing else now). `unknown`: look again first.
 * `refused` and `conflict` name the columns that LiteLLM still does not have as they are here; all others it has.
 */
export type PushResult = { readonly object: KeptObject | null } & (
  | { readonly state: 'done' }
  | { readonly state: 'waiting'; readonly problem: string; readonly isAway: boolean }
  | { readonly state: 'unknown'; readonly problem: string }
  | {
      readonly state: 'refused' | 'conflict';
      readonly problem: string;
      readonly left: readonly string[];
      /** Of those that are left: what was to be taken away by them is taken. */
      readonly isTaken?: readonly string[];
    }
);

/** What is to be remembered of the object: as it was read back, or that it is gone. */
export type KeptObject = { readonly hash: string } & (
  | { readonly known: Pick<RemoteObject, 'agreement' | 'remote' | 'state' | 'reason'> }
  | { readonly known: null }
);

/** Columns that `/key/update` sets. */
const sentColumns = [
  'litellm_key_alias',
  'max_budget',
  'budget_duration',
  'tpm_limit',
  'rpm_limit',
  'expires_at',
  'models',
  'team_id',
  'user_id',
] as const;
type SentColumn = (typeof sentColumns)[number];

/** The proxy counts an expiry from when it hears of it, and may be slow to. */
export const secondsApart = { seen: 1, sent: 120 };

/**
 * Tells LiteLLM of one key: looks at it as it is now, sends what differs from what both sides last agreed on, reads it
 * back and compares. What somebody else changed over there meanwhile is not overwritten; taking away is always sent.
 * A key that was revoked or deleted here is deleted there.
 * @throws AppError as the client's `read` does; nothing was sent then.
 */
export async function pushKey(context: OwnerContext, news: KeyNews): Promise<PushResult> {
  const { client, database, proxyId, signal } = context;
  const local = await database.read(signal, (connection) => readLocalKey(connection, proxyId, news.id));
  if (local.hash === null) {
    // A row whose key nobody can name: with the row LiteLLM's key is lost to us, and says so.
    return local.fields === null ? done(null) : refused(say('litellm.push.unknownHash'), [...news.columns]);
  }
  const remote = await readRemoteKey(client, local.hash, signal);
  if (local.fields === null || local.isRevoked) return endKey(context, local.hash, remote);
  const ours = local.fields;
  if (remote === null) {
    // A key that is not there opens nothing: that it is switched off here is so over there as well.
    if (ours['is_active'] === false) return done({ hash: local.hash, known: null });
    return refused(say('litellm.push.keyGone'), [...news.columns]);
  }
  return change(context, { news, local, ours, hash: local.hash }, remote);
}

const done = (object: KeptObject | null): PushResult => ({ state: 'done', object });
const refused = (problem: string, left: readonly string[]): PushResult => ({
  state: 'refused',
  problem: redact(problem),
  left,
  object: null,
});

async function endKey(context: OwnerContext, hash: string, remote: RemoteKey | null): Promise<PushResult> {
  const gone = done({ hash, known: null });
  if (remote === null) return gone;
  const outcome = await send(context, '/key/delete', { keys: [hash] });
  const left = await readAfter(outcome, () => readRemoteKey(context.client, hash, context.signal));
  if ('unread' in left) return left.unread;
  if (left.found === null) return gone;
  const result = unsent(outcome, ['deleted']);
  // Blocked it opens nothing either. It still waits to be deleted.
  if (result.state === 'refused' && !left.found.row.blocked) await send(context, '/key/block', { key: hash });
  return result;
}

interface Sides {
  readonly news: KeyNews;
  readonly local: LocalKey;
  readonly ours: Fields;
  readonly hash: string;
}

async function change(context: OwnerContext, sides: Sides, remote: RemoteKey): Promise<PushResult> {
  const { news, ours, hash } = sides;
  const theirs = await shown(context, remote);
  if (theirs === null) return refused(say('litellm.push.systemKey'), [...news.columns]);
  const { send: columns, conflicts, wanted } = compare(sides, theirs.fields);
  const isOff = ours['is_active'] === false && news.columns.has('is_active');
  const outcomes: WriteOutcome[] = [];
  const tell = async (path: WritePath, content: Readonly<Record<string, unknown>>): Promise<void> => {
    if (outcomes.every(({ kind }) => kind === 'done')) {
      outcomes.push(await send(context, path, { key: hash, ...content }));
    }
  };
  // First of all: what else there is to tell may not be possible.
  if (isOff && theirs.fields['is_active'] === true) await tell('/key/block', {});
  const body = await bodyOf(context, columns, wanted, remote);
  if ('result' in body) return body.result;
  const { missing } = body;
  // A team is compared with the limits that the key has had until then, not with those beside it in the call (1.81.0 and
  // 1.108.7 alike): the limits go first.
  const { team_id: teamId, ...rest } = body.content;
  if (Object.keys(rest).length > 0) await tell('/key/update', rest);
  // What LiteLLM refuses of it keeps nothing from taking access away.
  if (outcomes.at(-1)?.kind === 'refused') await takeAway(context, sides, { columns, wanted, remote });
  if (teamId !== undefined) await tell('/key/update', { team_id: teamId });
  const comesBack =
    ours['is_active'] === true && news.columns.has('is_active') && !conflicts.includes('is_active');
  if (comesBack && theirs.fields['is_active'] === false) await tell('/key/unblock', {});
  const last = outcomes.at(-1);
  const failed = last?.kind === 'done' ? undefined : last;
  const looked =
    last === undefined
      ? { found: remote }
      : await readAfter(last, () => readRemoteKey(context.client, hash, context.signal));
  if ('unread' in looked) return looked.unread;
  const readBack = looked.found;
  if (readBack === null) return refused(say('litellm.push.keyGone'), [...news.columns]);
  const now = await shown(context, readBack);
  if (now === null) return refused(say('litellm.push.systemKey'), [...news.columns]);
  const object = { hash, known: agreedObject(sides, now) };
  const differing = [
    ...columns.filter((column) => !agrees(column, now.fields, wanted, secondsApart.sent)),
    ...(isOff && now.fields['is_active'] === true ? ['is_active'] : []),
    ...(comesBack && now.fields['is_active'] === false ? ['is_active'] : []),
  ];
  if (failed !== undefined && differing.length > 0) {
    return { ...unsent(failed, [...conflicts, ...differing]), object };
  }
  if (conflicts.length > 0) {
    const left = [...conflicts, ...differing];
    const isTaken = conflicts.filter((column) => !differing.includes(column));
    return { state: 'conflict', problem: conflictText(conflicts, ours, now.fields), left, isTaken, object };
  }
  if (differing.length === 0) return done(object);
  const problem = missing ?? say('litellm.push.notTaken', { fields: namedColumns(differing) });
  return { ...refused(problem, differing), object };
}

/** Sends by itself what takes access away, where it was refused together with something else. */
async function takeAway(
  context: OwnerContext,
  { news, hash }: Sides,
  {
    columns,
    wanted,
    remote,
  }: { readonly columns: readonly SentColumn[]; readonly wanted: Fields; readonly remote: RemoteKey },
): Promise<void> {
  const taking = columns.filter((column) => news.taken.has(column) && column !== 'team_id');
  if (taking.length === 0 || taking.length === columns.length) return;
  const body = await bodyOf(context, taking, wanted, remote);
  if ('content' in body && Object.keys(body.content).length > 0) {
    await send(context, '/key/update', { key: hash, ...body.content });
  }
}

/** What LiteLLM shows, in our columns; null for keys of its own. */
async function shown({ database, proxyId, signal }: OwnerContext, { row }: RemoteKey) {
  return database.read(signal, (connection) => fieldsOf(connection, proxyId, row));
}

/**
 * What has to be sent of what changed here, as it is `wanted` there, and what somebody else changed over there since both
 * sides agreed. Of what both changed, the part that takes access away is sent, and no more.
 */
function compare(
  { news, local: { object }, ours }: Sides,
  theirs: Fields,
): { readonly send: SentColumn[]; readonly conflicts: string[]; readonly wanted: Fields } {
  const columns: SentColumn[] = [];
  const conflicts: string[] = [];
  let wanted = ours;
  const isTheirs = (column: string): boolean => {
    if (object === null) return false;
    const last = object.agreement?.remote ?? {};
    if (last[column] === undefined) return true;
    return column === 'models'
      ? !sameValue(modelListOf(theirs), modelListOf(last))
      : !sameValue(theirs[column], last[column]);
  };
  for (const column of sentColumns) {
    if (!news.columns.has(column) || agrees(column, theirs, ours, secondsApart.seen)) continue;
    if (!isTheirs(column)) {
      columns.push(column);
      continue;
    }
    if (news.taken.has(column)) wanted = { ...wanted, ...leastOf(column, theirs, ours) };
    const isLess = news.taken.has(column) && !agrees(column, theirs, wanted, secondsApart.seen);
    if (isLess) columns.push(column);
    if (!isLess || !agrees(column, ours, wanted, secondsApart.seen)) conflicts.push(column);
  }
  const isBlockedThere = ours['is_active'] === true && theirs['is_active'] === false;
  if (news.columns.has('is_active') && isBlockedThere && isTheirs('is_active')) conflicts.push('is_active');
  return { send: columns, conflicts, wanted };
}

/** What both sides still give by a column that takes access away here. */
function leastOf(column: SentColumn, theirs: Fields, ours: Fields): Fields {
  if (column === 'models') {
    return { models: modelsOfBoth(modelListOf(theirs), modelListOf(ours)), litellm_models_raw: [] };
  }
  const isEarlierThere = column === 'expires_at' && endOf(theirs[column]) < endOf(ours[column]);
  return { [column]: (isEarlierThere ? theirs : ours)[column] ?? null };
}

/**
 * What `/key/update` is sent; `missing` says which of it LiteLLM cannot be told as it is here. A result where it cannot be
 * told now.
 */
async function bodyOf(
  context: OwnerContext,
  columns: readonly SentColumn[],
  ours: Fields,
  remote: RemoteKey,
): Promise<
  | { readonly content: Readonly<Record<string, unknown>>; readonly missing: string | null }
  | { readonly result: PushResult }
> {
  const content: Record<string, unknown> = {};
  let missing: string | null = null;
  for (const column of columns) {
    const value = ours[column];
    switch (column) {
      case 'litellm_key_alias':
        content['key_alias'] = value;
        break;
      case 'max_budget':
      case 'tpm_limit':
      case 'rpm_limit':
        content[column] = typeof value === 'string' ? new ExactNumber(value) : null;
        break;
      case 'budget_duration': {
        const duration = remoteDuration(value);
        if (isSoundDuration(duration)) content[column] = duration;
        else missing = say('litellm.push.duration', { duration: textOf(value) });
        break;
      }
      case 'expires_at':
        content['duration'] = durationUntil(value, remote.at);
        break;
      case 'models': {
        const models = modelListOf(ours);
        // An empty list would allow every model.
        if (models.length > 0) content['models'] = models;
        else missing = say('litellm.push.noModels');
        break;
      }
      case 'team_id':
      case 'user_id': {
        const owner = await ensureOwner(context, ownerOf(ours));
        if (!isOwnerProblem(owner)) content[column] = column === 'user_id' ? owner.userId : owner.teamId;
        else if (owner.kind === 'refused') missing = owner.problem;
        else return { result: ofOwner(owner.kind, owner.problem, columns) };
      }
    }
  }
  return { content, missing };
}

function ownerOf(ours: Fields): { readonly userId: string; readonly teamId: string | null } {
  const { user_id: userId, team_id: teamId } = ours;
  return { userId: textOf(userId), teamId: typeof teamId === 'string' ? teamId : null };
}

/** Seconds from `now` to an instant, as LiteLLM spells them; `-1` takes an expiry away on every release. */
export function durationUntil(instant: Fields[string] | undefined, now: Date): string {
  const end = endOf(instant);
  // Rounded down: what is to end at once must not go on for a second.
  return end === Infinity ? '-1' : `${Math.max(0, Math.floor((end - now.getTime()) / 1000))}s`;
}

async function send(
  { client, signal }: OwnerContext,
  path: WritePath,
  body: Readonly<Record<string, unknown>>,
): Promise<WriteOutcome> {
  return client.write({ path, body, signal });
}

/** What is there after a write. Where nobody answers, the write may have been done all the same. */
async function readAfter<T>(
  outcome: WriteOutcome,
  read: () => Promise<T>,
): Promise<{ readonly found: T } | { readonly unread: PushResult }> {
  try {
    return { found: await read() };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const wasSent = outcome.kind === 'done' || outcome.kind === 'unknown';
    const problem = redact(error.message);
    return { unread: wasSent ? { state: 'unknown', problem, object: null } : unread(error) };
  }
}

/** What a write that did not bring it about means for what was to be told. */
function unsent(outcome: WriteOutcome, left: readonly string[]): PushResult {
  if (outcome.kind === 'done')
    return refused(say('litellm.push.notTaken', { fields: namedColumns(left) }), left);
  return ofOwner(outcome.kind, outcome.error.message, left);
}

function ofOwner(
  kind: Exclude<WriteOutcome['kind'], 'done'>,
  problem: string,
  left: readonly string[],
): PushResult {
  if (kind === 'refused') return refused(problem, left);
  return kind === 'later'
    ? { state: 'waiting', problem, isAway: true, object: null }
    : { state: 'unknown', problem, object: null };
}

/** What both sides agree on now: what is the same, and what an older agreement says of the rest. */
export function agreedObject(
  { local: { object }, ours }: Pick<Sides, 'local' | 'ours'>,
  { fields, finding }: { readonly fields: Fields; readonly finding: string | null },
): Pick<RemoteObject, 'agreement' | 'remote' | 'state' | 'reason'> {
  const remote: Record<string, Fields[string]> = { ...object?.agreement?.remote };
  const local: Record<string, Fields[string]> = { ...object?.agreement?.local };
  for (const [column, theirs] of Object.entries(fields)) {
    const mine = ours[column];
    if (mine === undefined || !agrees(column, fields, ours, secondsApart.sent)) continue;
    remote[column] = theirs;
    local[column] = mine;
  }
  // A pull reads the name from the alias. Ours is LiteMaaS's own: it was not changed over there by our sending the alias.
  const name = ours['name'];
  if (name !== undefined && agrees('litellm_key_alias', fields, ours, secondsApart.sent)) {
    remote['name'] = fields['name'] ?? null;
    local['name'] = name;
  }
  return { agreement: { remote, local }, remote: fields, state: 'linked', reason: finding };
}

function conflictText(columns: readonly string[], ours: Fields, theirs: Fields): string {
  const both = columns.map((column) =>
    say('litellm.push.both', {
      field: namedColumns([column]),
      here: spelled(ours, column),
      there: spelled(theirs, column),
    }),
  );
  return redact(`${say('litellm.push.conflict')} ${both.join(' ')}`);
}

const longestValue = 100;

function spelled(fields: Fields, column: string): string {
  const text = column === 'models' ? modelListOf(fields).join(', ') : textOf(fields[column]) || '–';
  return text.length > longestValue ? `${text.slice(0, longestValue)}…` : text;
}

function textOf(value: Fields[string] | undefined): string {
  return typeof value === 'string' || typeof value === 'boolean' ? String(value) : '';
}

/** What people call the columns. */
export function namedColumns(columns: readonly string[]): string {
  return columns
    .map((column) =>
      column in columnNames ? say(`litellm.push.field.${column as keyof typeof columnNames}`) : column,
    )
    .join(', ');
}

const columnNames = {
  litellm_key_alias: true,
  max_budget: true,
  budget_duration: true,
  tpm_limit: true,
  rpm_limit: true,
  expires_at: true,
  models: true,
  team_id: true,
  user_id: true,
  is_active: true,
  deleted: true,
} as const;

/** What a read that failed means for a key that was to be looked at: nothing was sent. */
export function unread(error: unknown): PushResult {
  if (!(error instanceof AppError)) throw error;
  const isStopped = error.code === 'cancelled';
  const isAway = isStopped || error.code === 'litellm_unreachable' || error.code === 'litellm_auth';
  const problem = isStopped ? say('litellm.push.stopped') : redact(error.message);
  return { state: 'waiting', problem, isAway, object: null };
}
