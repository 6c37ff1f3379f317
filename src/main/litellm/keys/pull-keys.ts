import { sql } from 'drizzle-orm';
import * as z from 'zod';
import type { Connection } from '../../postgres/database';
import { from } from '../../postgres/relations';
import { canonicalJson } from '../mapping/fields';
import { type KeyOwners, mapKey } from './map-key';
import { keyPage, keyRow, type KeyRow } from './key-rows';
import { checkRows } from '../mapping/values';
import { keys } from './key-table';
import type { PullContext } from '../pull/pull-context';
import { pageSize, scanPages } from '../pull/scan-pages';
import type { PageItem } from '../pull/store/apply-page';
import { readLocalIds } from '../pull/store/remote-objects';
import { contentId } from '../mapping/content-id';
import { say } from '../../kernel/say';

export async function pullKeys(context: PullContext): Promise<void> {
  const { client, signal, proxyId } = context;
  await scanPages<KeyRow>(context, {
    entity: 'keys',
    title: say('litellm.pull.keys'),
    record: keys,
    async read(page) {
      const query = { page, size: pageSize, return_full_object: true, sort_by: 'token', sort_order: 'asc' };
      const { value } = await client.read({ path: '/key/list', query, schema: keyPage, signal });
      return {
        ...checkRows(keyRow, value.keys),
        total: value.total_count,
        isWhole: false,
      };
    },
    map: (connection, rows) => mapPage(connection, proxyId, rows),
    // A row without a proper hash might hold a key in plain text: not even a part of it is kept.
    rejectedId: (row) => contentId(canonicalJson(row.content)),
  });
}

const knownModel = z.strictObject({ id: z.string() });

async function mapPage(
  connection: Connection,
  proxyId: string,
  rows: readonly KeyRow[],
): Promise<PageItem[]> {
  const ownersOf = await readKeyOwners(connection, proxyId, rows);
  return rows.map((row) => ({ remoteId: row.token, mapped: mapKey(row, ownersOf(row)) }));
}

/** Which of our records the remote ids of these keys stand for. */
export async function readKeyOwners(
  connection: Connection,
  proxyId: string,
  rows: readonly KeyRow[],
): Promise<(row: KeyRow) => KeyOwners> {
  const userIds = await readLocalIds(connection, proxyId, 'user', present(rows.map((row) => row.user_id)));
  const teamIds = await readLocalIds(connection, proxyId, 'team', present(rows.map((row) => row.team_id)));
  const names = [...new Set(rows.flatMap((row) => row.models))];
  const known = await connection.select(
    knownModel,
    sql`SELECT id FROM ${from('models')} WHERE id = ANY(${sql.param(names)}::text[])`,
  );
  const knownModels = new Set(known.map((model) => model.id));
  return (row) => ({
    userId: (row.user_id === null ? undefined : userIds.get(row.user_id)) ?? null,
    teamId: (row.team_id === null ? undefined : teamIds.get(row.team_id)) ?? null,
    knownModels,
  });
}

function present(values: readonly (string | null)[]): string[] {
  return [...new Set(values.filter((value): value is string => value !== null))];
}
