import { sql } from 'drizzle-orm';
import * as z from 'zod';
import type { ChangeFinding } from '../../../shared/contract/changes';
import { reference } from '../../../shared/contract/values';
import { AppError } from '../../../shared/errors';
import type { ChangedRecord } from '../../changes/change';
import { byKind, type ChangedPart } from '../../changes/judge';
import type { RecordKind } from '../../changes/record-table';
import { say } from '../../kernel/say';
import type { Connection } from '../../postgres/database';
import { from } from '../../postgres/relations';
import { effectiveStatus } from '../../subscriptions/subscription-rows';
import { keepSiteRows } from './site-rows';

/**
 * Says beforehand of a merge that is taken back, or of that, why it could not be done: others have taken a place since,
 * refer to what would end, or gave the duplicate something more.
 */
export async function mergePartFindings(
  connection: Connection,
  changed: readonly ChangedRecord[],
  parts: readonly ChangedPart[],
): Promise<readonly ChangeFinding[]> {
  const undone = changed.filter(({ undoes }) => undoes !== null);
  if (undone.length === 0) return [];
  const shared = {
    severity: 'error' as const,
    count: undone.length,
    examples: undone.map(({ id, label }) => ({ id, label })),
  };
  const again = undone.filter(({ after }) => after['isActive'] === false).map(({ id }) => id);
  return [
    ...(await obstaclesOfParts(connection, parts)),
    ...((await hasMore(connection, again, parts)) ? [say('changes.users.merge.gotMore')] : []),
  ].map((text) => ({ ...shared, text }));
}

/** What keeps parts from being done, in words: rows of a site's own tables, and places that others have taken. */
export async function obstaclesOfParts(
  connection: Connection,
  parts: readonly ChangedPart[],
): Promise<string[]> {
  return [...(await siteFindings(connection, parts)), ...(await takenFindings(connection, parts))];
}

async function siteFindings(connection: Connection, parts: readonly ChangedPart[]): Promise<string[]> {
  const texts: string[] = [];
  for (const [{ record }, ending] of byKind(parts.filter(({ way }) => way === 'delete'))) {
    const ids = ending.map(({ id }) => id);
    await keepSiteRows(connection, record, ids, 'look').catch((error: unknown) => {
      if (!(error instanceof AppError) || error.code !== 'validation') throw error;
      texts.push(error.message);
    });
  }
  return texts;
}

/** Nobody is a member of a team twice. */
async function takenFindings({ select }: Connection, parts: readonly ChangedPart[]): Promise<string[]> {
  const memberships = parts.filter(({ kind }) => kind.record.kind === 'team_member');
  const staying = memberships.filter(({ way }) => way !== 'delete');
  if (staying.length === 0) return [];
  const valuesOf = (field: string) => sql.param(staying.map(({ after }) => after[field] ?? null));
  const rows = await select(
    reference,
    sql`
    SELECT DISTINCT t.id::text AS id, t.name AS label
    FROM unnest(${valuesOf('teamId')}::uuid[], ${valuesOf('userId')}::uuid[]) AS wanted (team_id, user_id)
    JOIN ${from('team_members', 'other')} ON other.team_id = wanted.team_id AND other.user_id = wanted.user_id
      AND NOT other.id = ANY(${sql.param(memberships.map(({ id }) => id))}::uuid[])
    JOIN ${from('teams', 't')} ON t.id = other.team_id
    ORDER BY 2, 1 LIMIT 20`,
  );
  if (rows.length === 0) return [];
  return [say('changes.users.merge.memberSince', { teams: rows.map(({ label }) => label).join(', ') })];
}

/** Whether duplicates have something that moves and that is no part of the merge. */
async function hasMore(
  { select }: Connection,
  duplicates: readonly string[],
  parts: readonly ChangedPart[],
): Promise<boolean> {
  if (duplicates.length === 0) return false;
  const ids = sql.param([...duplicates]);
  const known = (kind: RecordKind) =>
    sql.param(parts.filter((part) => part.kind.record.kind === kind).map(({ id }) => id));
  const [row] = await select(
    z.strictObject({ some: z.boolean() }),
    sql`
    SELECT EXISTS (
        SELECT FROM ${from('team_members', 'tm')}
        WHERE tm.user_id = ANY(${ids}::uuid[]) AND NOT tm.id = ANY(${known('team_member')}::uuid[]))
      OR EXISTS (
        SELECT FROM ${from('api_keys', 'k')}
        WHERE k.user_id = ANY(${ids}::uuid[]) AND NOT k.id = ANY(${known('api_key')}::uuid[]))
      OR EXISTS (
        SELECT FROM ${from('subscriptions', 's')}
        WHERE s.user_id = ANY(${ids}::uuid[]) AND NOT s.id = ANY(${known('subscription')}::uuid[])
          AND ${effectiveStatus} IN ('active', 'suspended', 'pending')) AS "some"`,
  );
  return row?.some === true;
}
