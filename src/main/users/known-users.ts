import { sql } from 'drizzle-orm';
import * as z from 'zod';
import type { Contract, ResultOf } from '../../shared/contract/index';
import { maxNewUsers } from '../../shared/contract/users';
import { recordVersion } from '../../shared/contract/changes';
import { uuid } from '../../shared/contract/values';
import { versionOf } from '../changes/record-table';
import type { Connection } from '../postgres/database';
import { from } from '../postgres/relations';
import type { Handler } from '../router/handlers';
import { usersRecord } from './users-record';

type Known = ResultOf<Contract['users']['known']>;

const holderRow = z.strictObject({
  email: z.string(),
  id: uuid,
  label: z.string(),
  isActive: z.boolean(),
  version: recordVersion,
});
const usernameRow = z.strictObject({ username: z.string() });

/** Whom a pasted list would make twice: addresses and names are compared without case, composed or not. */
export const knownUsers: Handler<Contract['users']['known']> = (
  { emails, usernames },
  { signal, workspace: { database } },
) =>
  database.read(signal, async (connection) => ({
    holders: await holdersOf(connection, emails),
    usernames: await takenUsernames(connection, usernames),
  }));

async function holdersOf({ select }: Connection, emails: readonly string[]): Promise<Known['holders']> {
  const { asked, spelled } = spellingsOf(emails);
  return select(
    holderRow,
    sql`
    SELECT DISTINCT wanted.asked AS email, u.id, u.username AS label, u.is_active AS "isActive",
      ${versionOf(usersRecord, 'u')} AS version
    FROM unnest(${sql.param(asked)}::text[], ${sql.param(spelled)}::text[]) AS wanted (asked, spelled)
    JOIN ${from('users', 'u')} ON lower(u.email) = lower(wanted.spelled)
    ORDER BY 1, 3, 2 LIMIT ${2 * maxNewUsers}`,
  );
}

async function takenUsernames({ select }: Connection, usernames: readonly string[]): Promise<string[]> {
  const { asked, spelled } = spellingsOf(usernames);
  const rows = await select(
    usernameRow,
    sql`
    SELECT DISTINCT wanted.asked AS username
    FROM unnest(${sql.param(asked)}::text[], ${sql.param(spelled)}::text[]) AS wanted (asked, spelled)
    JOIN ${from('users', 'u')} ON lower(u.username) = lower(wanted.spelled)
    ORDER BY 1`,
  );
  return rows.map(({ username }) => username);
}

/** Each text as it is asked for, composed and decomposed: the database may hold either. */
function spellingsOf(texts: readonly string[]): {
  readonly asked: string[];
  readonly spelled: string[];
} {
  const pairs = texts.flatMap((text) =>
    [...new Set([text.normalize('NFC'), text.normalize('NFD')])].map((spelled) => ({ text, spelled })),
  );
  return { asked: pairs.map(({ text }) => text), spelled: pairs.map(({ spelled }) => spelled) };
}
