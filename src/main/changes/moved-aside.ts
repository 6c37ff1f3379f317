import { type SQL, sql } from 'drizzle-orm';
import * as z from 'zod';
import { uuid } from '../../shared/contract/values';
import { AppError } from '../../shared/errors';
import { eitherSignal } from '../kernel/either-signal';
import { say } from '../kernel/say';
import { throwIfCancelled } from '../kernel/cancelled';
import { isMarked } from '../postgres/advisory-locks';
import type { Connection } from '../postgres/database';
import { from, table } from '../postgres/relations';
import { type SessionLock, takeSessionLock } from '../postgres/session-lock';
import type { WorkspaceCall } from '../router/handlers';
import type { OpenWorkspace } from '../workspace/open-workspace';
import type { Change, DeletionRules, MovedAmounts } from './change';
import { judge, type Wish } from './judge';
import type { RecordKind } from './record-table';
import type { Batch } from './slice';
import { writeAgain } from './write-again';
import { operatorName } from './write-audit';

/** So many rows come back in the transaction of the record itself; more than that would hold others up. */
const mostAtOnce = 1_000;

/** SQL: whether some console moves what belongs to a batch right now, aside or back. */
export const isMoving = (batchId: SQL): SQL => isMarked(sql`${batchId}::text`);

/** Moves what is too much for one transaction out of the way of a batch's deletions, and back. */
export interface Mover {
  /**
   * Moves aside what belongs to those of a slice that may be deleted as they are now. From the first row on it is written
   * down in the database what was begun, and no other console moves anything.
   * @throws AppError `busy` where another console does.
   */
  aside(slice: readonly Wish[]): Promise<void>;
  /** Brings back what the batch moved aside, or has left aside, for records that are there. */
  back(signal: AbortSignal): Promise<void>;
  /** Lets other consoles move. */
  release(): Promise<void>;
}

/** @param call whose work it is; `aside` ends with its signal. */
export function moverOf(
  { plan: { id, change, action, wishes }, reason }: Batch,
  { workspace, signal, report }: WorkspaceCall,
): Mover {
  const { deletion } = change;
  const { kind } = change.record;
  let lock: SessionLock | null = null;

  /** One slice after the other, each a transaction of its own. */
  async function moveAll(
    ending: AbortSignal,
    {
      title,
      ids,
      rules,
      to,
    }: {
      readonly title: string;
      readonly ids: readonly string[];
      readonly rules: DeletionRules;
      readonly to: keyof MovedAmounts;
    },
    move: (connection: Connection) => Promise<number>,
  ): Promise<void> {
    if (lock?.lost.aborted === true) lock = null;
    lock ??= await takeSessionLock(
      workspace.database,
      'move',
      { busy: 'changes.moving', busyHint: 'changes.movingHint', lost: 'changes.movingLost' },
      id,
    );
    const { lost } = lock;
    const either = eitherSignal(ending, lost);
    try {
      const amounts = await readAmounts(workspace, rules, ids, either.signal);
      const total = amounts === null ? undefined : amounts.aside + amounts.left;
      for (let done = amounts?.[to] ?? 0; ;) {
        throwIfCancelled(either.signal);
        report({ title, done, total });
        const moved = await writeAgain(either.signal, () => workspace.database.batch(either.signal, move));
        if (moved === 0) return;
        done += moved;
      }
    } catch (error) {
      // The lock's connection was lost: that is the cause, not the cancelling that followed from it.
      throw lost.aborted && !ending.aborted ? lost.reason : error;
    } finally {
      either.stop();
    }
  }

  return {
    async aside(slice) {
      const going = slice.filter(({ way, undoes }) => way === 'delete' && undoes === null);
      if (deletion === undefined || going.length === 0) return;
      const leaving = await workspace.database.read(signal, async (connection) => {
        const { verdicts } = await judge(connection, change, going, 'look');
        const mayGo = verdicts.filter((verdict) => verdict.kind === 'change').map(({ wish }) => wish);
        return (await deletion.isTooMuch(connection, idsOf(mayGo))) ? mayGo : [];
      });
      if (leaving.length === 0) return;
      const ids = idsOf(leaving);
      await moveAll(
        signal,
        { title: say('changes.archiving'), ids, rules: deletion, to: 'aside' },
        async (connection) => {
          if (!(await deletion.isTooMuch(connection, ids))) return 0;
          await remember(connection, { batchId: id, action, reason, kind, way: 'delete' }, leaving);
          return deletion.archive(connection, ids);
        },
      );
    },
    async back(ending) {
      // What is only changed, or made for the first time, has nothing aside.
      if (deletion === undefined || !wishes.some(({ way, undoes }) => way === 'delete' || undoes !== null))
        return;
      const ids = await workspace.database.read(ending, (connection) => readAside(connection, id, kind));
      if (ids.length === 0) return;
      await moveAll(
        ending,
        { title: say('changes.restoring'), ids, rules: deletion, to: 'left' },
        async (connection) => {
          // Held first: a console that was killed may still be moving its last slice aside.
          const held = await readAside(connection, id, kind, 'lock');
          const moved = held.length === 0 ? 0 : await deletion.restore(connection, held);
          if (moved === 0) await forgetAside(connection, kind, held);
          return moved;
        },
      );
    },
    async release() {
      await lock?.release();
      lock = null;
    },
  };
}

/** How far moving is; NULL where counting takes too long, which keeps nothing from being moved. */
export function readAmounts(
  { database }: Pick<OpenWorkspace, 'database'>,
  rules: DeletionRules,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<MovedAmounts | null> {
  return database
    .read(signal, (connection) => rules.amounts(connection, ids))
    .catch((error: unknown) => {
      if (error instanceof AppError && error.code === 'db_timeout') return null;
      throw error;
    });
}

const idsOf = (wishes: readonly Wish[]): string[] => wishes.map(({ id }) => id);

interface Beginning {
  readonly batchId: string;
  readonly action: string;
  readonly reason: string | null;
  readonly kind: RecordKind;
  readonly way: 'delete' | 'restore';
}

async function remember(
  { run }: Connection,
  { batchId, action, reason, kind, way }: Beginning,
  wishes: readonly Pick<Wish, 'id' | 'label' | 'expected'>[],
): Promise<void> {
  const rows = wishes.map(({ id, label, expected }) => ({
    id,
    label,
    version: typeof expected === 'object' && 'version' in expected ? expected.version : null,
  }));
  await run(sql`
    INSERT INTO ${table('moved_aside')} (record_kind, record_id, batch_id, way, action, label, version, reason, actor)
    SELECT ${kind}, w.id, ${batchId}::uuid, ${way}, ${action}, w.label, w.version, ${reason}::text, ${operatorName()}
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS w (id text, label text, version text)
    ORDER BY w.id
    ON CONFLICT (record_kind, record_id) DO UPDATE SET batch_id = EXCLUDED.batch_id, way = EXCLUDED.way,
      action = EXCLUDED.action, label = EXCLUDED.label, version = EXCLUDED.version, reason = EXCLUDED.reason,
      actor = EXCLUDED.actor`);
}

/**
 * Brings back what belongs to records that a console deleted, in the transaction in which they came back: as much as one
 * transaction can. What is left is written down for {@link Mover.back}.
 */
export async function restoreAside(
  connection: Connection,
  change: Change,
  beginning: Omit<Beginning, 'kind' | 'way'>,
  records: readonly { readonly id: string; readonly label: string }[],
): Promise<void> {
  const { deletion } = change;
  if (deletion === undefined || records.length === 0) return;
  const ids = records.map(({ id }) => id);
  const moved = await deletion.restore(connection, ids, mostAtOnce);
  if (moved === 0 || !(await deletion.hasAside(connection, ids))) return;
  const { kind } = change.record;
  const wishes = records.map((record) => ({ ...record, expected: 'as it is' as const }));
  await remember(connection, { ...beginning, kind, way: 'restore' }, wishes);
}

const recordRow = z.strictObject({ record_id: z.string() });

/** The records of which a batch has something aside. */
async function readAside(
  { select }: Connection,
  batchId: string,
  kind: RecordKind,
  lock: 'lock' | 'look' = 'look',
): Promise<string[]> {
  const rows = await select(
    recordRow,
    sql`SELECT a.record_id FROM ${from('moved_aside', 'a')} WHERE a.batch_id = ${batchId} AND a.record_kind = ${kind}
      ORDER BY a.record_id ${lock === 'lock' ? sql`FOR UPDATE` : sql``}`,
  );
  return rows.map((row) => row.record_id);
}

/** Nothing is aside any more that could come back: all of it is there again, or the records are deleted. */
export async function forgetAside(
  { run }: Connection,
  kind: RecordKind,
  ids: readonly string[],
): Promise<void> {
  if (ids.length === 0) return;
  await run(sql`
    DELETE FROM ${table('moved_aside')} AS a
    WHERE a.record_kind = ${kind} AND a.record_id = ANY(${sql.param([...ids])}::text[])`);
}

const asideRow = z.strictObject({
  record_kind: z.string(),
  record_id: z.string(),
  batch_id: uuid,
  way: z.enum(['delete', 'restore']),
  action: z.string(),
  label: z.string(),
  version: z.string().nullable(),
  reason: z.string().nullable(),
});
export type AsideRow = z.infer<typeof asideRow>;

/** All that is aside of one batch. */
export function readAsideOf({ select }: Connection, batchId: string): Promise<AsideRow[]> {
  return select(
    asideRow,
    sql`SELECT a.record_kind, a.record_id, a.batch_id, a.way, a.action, a.label, a.version, a.reason
      FROM ${from('moved_aside', 'a')} WHERE a.batch_id = ${batchId} ORDER BY a.record_id`,
  );
}
