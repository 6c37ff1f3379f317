import { sql } from 'drizzle-orm';
import * as z from 'zod';
import type { Contract } from '../../shared/contract/index';
import { mostOfName } from '../../shared/contract/teams';
import { instant, uuid } from '../../shared/contract/values';
import { from } from '../postgres/relations';
import type { Handler } from '../router/handlers';

const namedRow = z.strictObject({
  name: z.string(),
  id: uuid,
  label: z.string(),
  alias: z.string().nullable(),
  isActive: z.boolean(),
  memberCount: z.int(),
  createdAt: instant.nullable(),
});

/** Which teams have these names or aliases: `teams.name` is not unique, so that a name may belong to several. */
export const namedTeams: Handler<Contract['teams']['named']> = (
  { names },
  { signal, workspace: { database } },
) =>
  database.read(signal, async ({ select }) => ({
    teams: await select(
      namedRow,
      sql`
      WITH wanted AS (SELECT unnest(${sql.param([...new Set(names)])}::text[]) AS name), found AS (
        SELECT wanted.name, t.id FROM wanted JOIN ${from('teams', 't')} ON lower(t.name) = lower(wanted.name)
        UNION
        SELECT wanted.name, t.id FROM wanted JOIN ${from('teams', 't')} ON lower(t.alias) = lower(wanted.name)
      ), first AS (
        SELECT f.name, f.id, row_number() OVER (PARTITION BY f.name ORDER BY f.id) AS place FROM found AS f)
      SELECT f.name, t.id, t.name AS label, t.alias, t.is_active AS "isActive", (
          SELECT count(*)::int FROM ${from('team_members', 'tm')} WHERE tm.team_id = t.id) AS "memberCount",
        t.created_at AS "createdAt"
      FROM first AS f JOIN ${from('teams', 't')} ON t.id = f.id
      WHERE f.place <= ${mostOfName} ORDER BY f.name, t.created_at, t.id`,
    ),
  }));
