import { sql } from 'drizzle-orm';
import * as z from 'zod';
import { uuid } from '../../../shared/contract/values';
import type { Connection } from '../../postgres/database';
import { from } from '../../postgres/relations';
import type { Fields } from '../mapping/fields';
import { truncate } from '../mapping/fields';
import { isUuid } from '../mapping/local-id';
import { missingEmail } from './map-user';
import type { Entity } from '../pull/store/apply-page';
import type { LocalRecord } from '../pull/store/record-table';

const foundUser = z.strictObject({ id: uuid, oauth_id: z.string().nullable() });
const usernameRow = z.strictObject({ username: z.string() });
const emailRow = z.strictObject({ email: z.string() });

export const users: Entity = {
  kind: 'user',
  table: {
    name: 'users',
    idType: 'uuid',
    columns: {
      username: 'text',
      email: 'text',
      roles: 'text[]',
      max_budget: 'numeric',
      tpm_limit: 'bigint',
      rpm_limit: 'bigint',
    },
    createColumns: { oauth_id: 'text', created_at: 'timestamptz' },
    metadata: [],
    onCreate: { oauth_provider: sql`'litellm'`, is_active: sql`true` },
    onWrite: { sync_status: sql`'synced'` },
  },
  remoteDecides: new Set(),

  async findLocal({ select }, items) {
    const ids = items.map((item) => item.remoteId);
    const rows = await select(
      foundUser,
      sql`
      SELECT id, CASE WHEN oauth_provider = 'litellm' THEN oauth_id END AS oauth_id FROM ${from('users')}
      WHERE id = ANY(${sql.param(ids.filter(isUuid))}::uuid[])
        OR (oauth_provider = 'litellm' AND oauth_id = ANY(${sql.param(ids)}::text[]))`,
    );
    const byId = new Map(rows.map((row) => [row.id, row.id]));
    const byName = new Map(rows.flatMap((row) => (row.oauth_id === null ? [] : [[row.oauth_id, row.id]])));
    return new Map(
      ids.flatMap((remoteId) => {
        const localId = byId.get(remoteId.toLowerCase()) ?? byName.get(remoteId);
        return localId === undefined ? [] : [[remoteId, localId]];
      }),
    );
  },

  async makeUnique(connection, records) {
    const usernames = await takenUsernames(connection, records);
    const emails = await takenEmails(connection, records);
    return records.map((record) => {
      const fields: Record<string, Fields[string]> = { ...record.fields };
      const { username, email } = record.fields;
      if (typeof username === 'string') {
        const free = freeName(username, usernames);
        usernames.add(free);
        fields['username'] = free;
      }
      if (typeof email === 'string') {
        const remoteId = record.fields['oauth_id'];
        const own = emails.has(email)
          ? missingEmail(typeof remoteId === 'string' ? remoteId : record.id)
          : email;
        emails.add(own);
        fields['email'] = own;
      }
      return { id: record.id, fields };
    });
  },
};

/** Every username that one of the wanted ones could collide with, its numbered forms included. */
async function takenUsernames({ select }: Connection, records: readonly LocalRecord[]): Promise<Set<string>> {
  const wanted = textsOf(records, 'username');
  if (wanted.length === 0) return new Set();
  const rows = await select(
    usernameRow,
    sql`
    SELECT username FROM ${from('users')}
    WHERE (username = ANY(${sql.param(wanted)}::text[])
        OR regexp_replace(username, '-[0-9]+$', '') = ANY(${sql.param(wanted)}::text[]))
      AND NOT id = ANY(${sql.param(records.map((record) => record.id))}::uuid[])`,
  );
  return new Set(rows.map((row) => row.username));
}

async function takenEmails({ select }: Connection, records: readonly LocalRecord[]): Promise<Set<string>> {
  const wanted = textsOf(records, 'email');
  if (wanted.length === 0) return new Set();
  const rows = await select(
    emailRow,
    sql`
    SELECT email FROM ${from('users')}
    WHERE email = ANY(${sql.param(wanted)}::text[])
      AND NOT id = ANY(${sql.param(records.map((record) => record.id))}::uuid[])`,
  );
  return new Set(rows.map((row) => row.email));
}

/** The name itself, else with the first free number: `ana`, `ana-2`, `ana-3`. */
function freeName(wanted: string, taken: ReadonlySet<string>): string {
  for (let number = 1; ; number += 1) {
    const suffix = number === 1 ? '' : `-${number}`;
    const name = `${truncate(wanted, 255 - suffix.length)}${suffix}`;
    if (!taken.has(name)) return name;
  }
}

function textsOf(records: readonly LocalRecord[], column: string): string[] {
  return records.flatMap(({ fields }) => {
    const value = fields[column];
    return typeof value === 'string' ? [value] : [];
  });
}
