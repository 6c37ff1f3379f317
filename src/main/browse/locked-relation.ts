import { sql } from 'drizzle-orm';
import * as z from 'zod';
import type { RelationName } from '../../shared/contract/browse';
import { AppError } from '../../shared/errors';
import { redact } from '../../shared/redact';
import type { Connection } from '../postgres/database';
import type { FileContent, WorkspaceCall } from '../router/handlers';
import { say } from '../kernel/say';
import { spokenName } from './known-relation';

type RelationHandler<Input, Result> = (input: Input, call: WorkspaceCall) => Promise<Result>;

/** The same handler, which says who keeps a relation from being read when it gave up waiting. */
export function sayingWhoLocks<Input extends RelationName, Result>(
  handler: RelationHandler<Input, Result>,
): RelationHandler<Input, Result> {
  return (input, call) => namingTheLock(input, call, () => handler(input, call));
}

/** The same for a file, whose rows are read when it is written. */
export function fileSayingWhoLocks<Input extends RelationName>(
  handler: RelationHandler<Input, FileContent>,
): RelationHandler<Input, FileContent> {
  return async (input, call) => {
    const content = await handler(input, call);
    return {
      ...content,
      write: (target, signal) =>
        namingTheLock(input, { ...call, signal }, () => content.write(target, signal)),
    };
  };
}

async function namingTheLock<T>(
  relation: RelationName,
  { signal, workspace: { database } }: WorkspaceCall,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AppError) || error.details?.['sqlState'] !== '55P03') throw error;
    const holder = await database
      .read(signal, (connection) => whoLocks(connection, relation))
      // Who it is matters less than that it is locked.
      .catch(() => undefined);
    throw locked(error, spokenName(relation), holder);
  }
}

const holder = z.strictObject({
  pid: z.int(),
  user: z.string(),
  application: z.string().nullable(),
  /** False: it waits for the lock itself, and everybody else waits behind it. */
  granted: z.boolean(),
});
type Holder = z.output<typeof holder>;

/** The session that keeps readers away from a relation, its partitions or their indexes. */
async function whoLocks({ select }: Connection, name: RelationName): Promise<Holder | undefined> {
  const [found] = await select(
    holder,
    sql`
    WITH RECURSIVE tree AS (
      SELECT c.oid
      FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
      WHERE n.nspname = ${name.schema}::text AND c.relname = ${name.relation}::text
      UNION
      SELECT i.inhrelid FROM tree JOIN pg_catalog.pg_inherits AS i ON i.inhparent = tree.oid
    ), read AS (
      SELECT oid FROM tree
      UNION ALL
      SELECT i.indexrelid FROM tree JOIN pg_catalog.pg_index AS i ON i.indrelid = tree.oid
    )
    SELECT l.pid, a.usename AS "user", a.application_name AS application, l.granted
    FROM pg_catalog.pg_locks AS l
      JOIN read ON read.oid = l.relation
      JOIN pg_catalog.pg_stat_activity AS a ON a.pid = l.pid AND a.usename IS NOT NULL
    WHERE l.locktype = 'relation' AND l.mode = 'AccessExclusiveLock' AND l.pid <> pg_catalog.pg_backend_pid()
      AND l.database = (
        SELECT d.oid FROM pg_catalog.pg_database AS d WHERE d.datname = pg_catalog.current_database())
    ORDER BY l.granted DESC, l.pid LIMIT 1`,
  );
  return found;
}

function locked(error: AppError, name: string, holder: Holder | undefined): AppError {
  const { code, details = {} } = error;
  if (holder === undefined) {
    return new AppError(code, say('sql.browse.locked', { name }), {
      hint: say('sql.browse.lockedHint'),
      details,
      cause: error,
    });
  }
  const { pid, user, application, granted } = holder;
  const who = [user, application ?? ''].filter((part) => part !== '').join(', ');
  const message = granted ? 'sql.browse.lockedBy' : 'sql.browse.lockedBehind';
  return new AppError(code, say(message, { name, pid, who: redact(who) }), {
    hint: say('sql.browse.lockedByHint', { pid }),
    details,
    cause: error,
  });
}
