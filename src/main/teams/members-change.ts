import { sql } from 'drizzle-orm';
import * as z from 'zod';
import { defaultTeamId } from '../../shared/default-team';
import { AppError } from '../../shared/errors';
import { keyOfOwner } from '../api-keys/api-keys-record';
import type { Change, ChangedRecord, DeletionRules } from '../changes/change';
import type { ChangedPart } from '../changes/judge';
import { type Image, isThere } from '../changes/record-table';
import { say } from '../kernel/say';
import { lockUntilCommit } from '../postgres/advisory-locks';
import type { Connection } from '../postgres/database';
import { from } from '../postgres/relations';
import { membershipActions, membershipOfTeam, teamMembersRecord } from './team-members-record';

/** A membership refers to nothing that could be too much for one transaction. */
const plainDeletion: DeletionRules = {
  own: [],
  sliceSize: 500,
  isTooMuch: () => Promise.resolve(false),
  archive: () => Promise.resolve(0),
  restore: () => Promise.resolve(0),
  hasAside: () => Promise.resolve(false),
  amounts: () => Promise.resolve({ aside: 0, left: 0 }),
};

/** Memberships of teams: added, given another role, ended or moved, with the keys that the person has in the team. */
export const membersChange: Change = {
  actions: membershipActions,
  partKinds: [keyOfOwner, membershipOfTeam],
  record: teamMembersRecord,
  fields: ['role'],
  sliceSize: 500,
  grade: (_before, after) => (isThere(after) ? 'reversible' : 'reaches_people'),
  rules: (before, after) =>
    isThere(after) || before['teamId'] !== defaultTeamId
      ? []
      : [{ severity: 'warning', text: say('changes.members.defaultTeam') }],
  rulesOfParts: async (connection, changed, parts) => {
    // What goes with the preview is in its parts: an undo has only those that there were.
    if (!changed.some(({ undoes }) => undoes !== null)) return [];
    const left = await memberKeysLeft(connection, endingOf(changed, parts), keysOf(parts));
    if (left.length === 0) return [];
    const names = left.map(({ name }) => name).join(', ');
    return [
      {
        severity: 'error',
        text: say('changes.members.hasKeys', { names }),
        count: left.length,
        examples: left.slice(0, 20).map(({ id, name }) => ({ id, label: name })),
      },
    ];
  },
  async hold(connection, changed, parts) {
    const ending = endingOf(changed, parts);
    if (ending.length === 0) return;
    await connection.run(lockUntilCommit('switchKeys'));
    const [left] = await memberKeysLeft(connection, ending, null);
    if (left === undefined) return;
    throw new AppError('validation', say('changes.members.hasKeys', { names: left.name }), {
      hint: say('changes.members.hasKeysHint'),
    });
  },
  namesOf: personNames,
  deletion: plainDeletion,
  news: (before, after) => membershipOfTeam.news(before, after),
};

const nameRow = z.strictObject({ id: z.string(), name: z.string() });

/** The people whose memberships they are. */
async function personNames(
  { select }: Connection,
  records: readonly { readonly id: string; readonly image: Image }[],
): Promise<ReadonlyMap<string, string>> {
  const users = new Map(records.map(({ id, image }) => [id, String(image['userId'] ?? '')]));
  const rows = await select(
    nameRow,
    sql`SELECT u.id::text AS id, u.username AS name FROM ${from('users', 'u')}
        WHERE u.id::text = ANY(${sql.param([...new Set(users.values())])}::text[])`,
  );
  const names = new Map(rows.map(({ id, name }) => [id, name]));
  return new Map([...users].flatMap(([id, user]) => [[id, names.get(user) ?? id] as const]));
}

const leftRow = z.strictObject({ id: z.uuid(), name: z.string() });

type Ending = Pick<ChangedRecord, 'way' | 'before'>;

/** Memberships that end by themselves, or where a move is taken back. */
function endingOf(changed: readonly ChangedRecord[], parts: readonly ChangedPart[]): Ending[] {
  const memberships = parts.filter(({ kind }) => kind.record.kind === 'team_member');
  return [...changed, ...memberships].filter(({ way }) => way === 'delete');
}

/** The keys that change along: they are not left behind. */
const keysOf = (parts: readonly ChangedPart[]): string[] =>
  parts.filter(({ kind }) => kind.record.kind === 'api_key').map(({ id }) => id);

/**
 * Keys that work in a team of which their owner is no member any more: LiteLLM has deleted them by then.
 * @param following for a preview, where the memberships that end are still there: the keys that change along.
 */
function memberKeysLeft(
  { select }: Connection,
  ending: readonly Ending[],
  following: readonly string[] | null,
) {
  if (ending.length === 0) return Promise.resolve([]);
  const teams = ending.map(({ before }) => String(before['teamId']));
  const users = ending.map(({ before }) => String(before['userId']));
  return select(
    leftRow,
    sql`
    SELECT k.id, coalesce(k.name, k.key_prefix) AS name
    FROM unnest(${sql.param(teams)}::uuid[], ${sql.param(users)}::uuid[]) AS ended (team_id, user_id)
    JOIN ${from('api_keys', 'k')} ON k.team_id = ended.team_id AND k.user_id = ended.user_id AND k.is_active
    WHERE ${
      following === null
        ? sql`NOT EXISTS (
            SELECT FROM ${from('team_members', 'tm')} WHERE tm.team_id = k.team_id AND tm.user_id = k.user_id)`
        : sql`NOT k.id = ANY(${sql.param([...following])}::uuid[])`
    }
    ORDER BY k.id LIMIT 20`,
  );
}
