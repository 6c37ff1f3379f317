import { sql } from 'drizzle-orm';
import * as z from 'zod';
import type { ChangeFinding } from '../../shared/contract/changes';
import { uuid } from '../../shared/contract/values';
import { AppError } from '../../shared/errors';
import type { ChangedRecord } from '../changes/change';
import { say } from '../kernel/say';
import { lockUntilCommit } from '../postgres/advisory-locks';
import type { Connection } from '../postgres/database';
import { from } from '../postgres/relations';

const namedRow = z.strictObject({ wanted: uuid, id: uuid, label: z.string(), isExact: z.boolean() });

/** Names that another team has, exactly or except for upper and lower case: the column itself takes any. */
export async function takenNames(
  connection: Connection,
  changed: readonly ChangedRecord[],
): Promise<ChangeFinding[]> {
  const named = changed.filter(({ set }) => typeof set['name'] === 'string');
  return (await holdersOf(connection, named)).map(({ wanted, id, label, isExact }) => {
    const value = String(named.find((each) => each.id === wanted)?.set['name'] ?? '');
    return {
      severity: isExact ? ('error' as const) : ('warning' as const),
      text: say(isExact ? 'changes.teams.nameTaken' : 'changes.teams.sameExceptCase', { value }),
      count: 1,
      examples: [{ id, label }],
    };
  });
}

/** Two consoles that give two teams one name at the same moment must not both succeed. */
export async function keepNamesApart(
  connection: Connection,
  changed: readonly ChangedRecord[],
): Promise<void> {
  const named = changed.filter(({ set }) => typeof set['name'] === 'string');
  if (named.length === 0) return;
  await connection.run(lockUntilCommit('nameTeam'));
  const taken = (await holdersOf(connection, named)).find(({ isExact }) => isExact);
  if (taken === undefined) return;
  throw new AppError('validation', say('changes.teams.nameTaken', { value: taken.label }));
}

async function holdersOf({ select }: Connection, named: readonly ChangedRecord[]) {
  if (named.length === 0) return [];
  const ids = sql.param(named.map(({ id }) => id));
  return select(
    namedRow,
    sql`
    SELECT wanted.id AS wanted, t.id, t.name AS label, t.name = wanted.value AS "isExact"
    FROM unnest(${ids}::uuid[], ${sql.param(named.map(({ set }) => String(set['name'])))}::text[]) AS wanted (id, value)
    JOIN ${from('teams', 't')} ON lower(t.name) = lower(wanted.value) AND NOT t.id = ANY(${ids}::uuid[])
    ORDER BY wanted.id, t.name = wanted.value DESC, t.id LIMIT 200`,
  );
}
