import type pg from 'pg';
import { AppError } from '../../../shared/errors';
import { say } from '../../kernel/say';
import { explainStop } from './in-the-way';
import { keepView, restoreView } from './kept-view';
import type { Routine } from './read-routines';
import { writeRoutineLedger } from './routine-ledger';

/** What PostgreSQL answers when a view's columns are no longer what it had: it must be made anew. */
const otherColumns = '42P16';

/**
 * Puts routines in place, in the caller's transaction. A view that can't be replaced as it is gets dropped and made
 * again, with its grants and comments.
 * @throws AppError `conflict` where somebody else's object is in the way; the database's errors.
 */
export async function applyRoutines(client: pg.ClientBase, routines: readonly Routine[]): Promise<void> {
  for (const routine of routines) {
    try {
      await (routine.view === null ? client.query(routine.text) : applyView(client, routine, routine.view));
      await refuseForeignOwner(client, routine.view);
      await writeRoutineLedger(client, routine);
    } catch (error) {
      throw explainStop(error, routine.name);
    }
  }
}

async function applyView(client: pg.ClientBase, { text }: Routine, view: string): Promise<void> {
  await client.query('SAVEPOINT view');
  try {
    await client.query(text);
    await client.query('RELEASE SAVEPOINT view');
    return;
  } catch (error) {
    if ((error as { code?: unknown }).code !== otherColumns) throw error;
  }
  await client.query('ROLLBACK TO SAVEPOINT view');
  const kept = await keepView(client, view);
  await client.query(`DROP VIEW ${view}`);
  await client.query(text);
  await restoreView(client, view, kept);
}

/**
 * A function or view that was there before keeps its owner when it is replaced, and its owner may replace it again: what
 * others planted under our names must not become ours. Looks at the view, and at the functions this transaction wrote.
 */
async function refuseForeignOwner(client: pg.ClientBase, view: string | null): Promise<void> {
  const { rows } = await client.query<{ object: string; owner: string }>(
    `SELECT pg_catalog.format('%I.%I', n.nspname, o.name) AS object, pg_catalog.pg_get_userbyid(o.owner) AS owner
     FROM (
       SELECT proname AS name, pronamespace AS namespace, proowner AS owner
       FROM pg_catalog.pg_proc
       WHERE xmin = pg_catalog.pg_current_xact_id()::pg_catalog.xid
       UNION ALL
       SELECT relname, relnamespace, relowner
       FROM pg_catalog.pg_class
       WHERE oid = pg_catalog.to_regclass($1)
     ) AS o
     JOIN pg_catalog.pg_namespace AS n ON n.oid = o.namespace AND n.nspname IN ('public', 'litemaas_console')
     WHERE pg_catalog.pg_get_userbyid(o.owner) <> current_user
     LIMIT 1`,
    [view],
  );
  const [found] = rows;
  if (!found) return;
  throw new AppError(
    'conflict',
    say('migrations.foreignOwner', { object: found.object, owner: found.owner }),
    {
      hint: say('migrations.foreignOwnerHint', { object: found.object }),
    },
  );
}
