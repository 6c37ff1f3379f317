import { sql } from 'drizzle-orm';
import * as z from 'zod';
import { uuid } from '../../../shared/contract/values';
import { readMovedMembers } from '../../changes/outbox';
import type { Connection } from '../../postgres/database';
import { from, table } from '../../postgres/relations';
import { sameValue } from '../mapping/fields';
import { type RemoteMember, remoteMember } from './map-team';
import { systemUserId } from '../users/map-user';
import { count, type PullContext } from '../pull/pull-context';
import { scanOf, storeBatch } from '../pull/scan-pages';
import {
  noteMissing,
  readLocalIds,
  readObjects,
  type RemoteObject,
  sameObject,
  saveObjects,
} from '../pull/store/remote-objects';
import { contentId } from '../mapping/content-id';
import { say } from '../../kernel/say';

const batchSize = 50;

const teamRow = z.strictObject({
  remote_id: z.string(),
  local_id: z.string(),
  members: z.array(remoteMember),
});
const userByEmail = z.strictObject({ id: uuid, email: z.string() });
const roleRow = z.strictObject({ id: z.string(), role: z.string() });

interface TeamWithMembers {
  readonly remoteId: string;
  readonly localId: string;
  readonly members: readonly RemoteMember[];
}

interface Membership extends RemoteMember {
  readonly remoteId: string;
  readonly teamId: string;
  /** Our user; null where we know none. */
  readonly userId: string | null;
}

/**
 * Members stand in the team rows that were read before; they wait until the users are there. Nobody is taken out of a
 * team here: who is no longer a member over there is noted as missing.
 */
export async function pullMembers(context: PullContext): Promise<void> {
  const { workspace, signal, report, proxyId } = context;
  const seen: string[] = [];
  let after = '';
  for (;;) {
    report({
      title: say('litellm.pull.members'),
      detail: after === '' ? undefined : say('litellm.pull.afterTeam', { team: after }),
      done: seen.length,
    });
    const teams = await workspace.database.read(signal, (connection) =>
      readTeams(connection, proxyId, after),
    );
    const last = teams.at(-1);
    if (!last) break;
    seen.push(
      ...(await storeBatch(context, 'members', (connection) => storeMembers(connection, context, teams))),
    );
    after = last.remoteId;
  }
  await workspace.database.batch(signal, (connection) =>
    noteMissing(connection, scanOf(context), 'member', seen),
  );
}

async function readTeams({ select }: Connection, proxyId: string, after: string): Promise<TeamWithMembers[]> {
  const rows = await select(
    teamRow,
    sql`
    SELECT remote_id, local_id, remote #> '{members,list}' AS members FROM ${from('litellm_objects', 'o')}
    WHERE proxy_id = ${proxyId} AND kind = 'team' AND state IN ('linked', 'conflict') AND remote_id > ${after}
      AND EXISTS (SELECT FROM ${from('teams', 't')} WHERE t.id::text = o.local_id)
    ORDER BY remote_id LIMIT ${batchSize}`,
  );
  return rows.map((row) => ({ remoteId: row.remote_id, localId: row.local_id, members: row.members }));
}

async function storeMembers(
  connection: Connection,
  context: PullContext,
  teams: readonly TeamWithMembers[],
): Promise<string[]> {
  const memberships = await resolve(connection, context.proxyId, teams);
  const ids = memberships.map((membership) => membership.remoteId);
  const known = await readObjects(connection, context.proxyId, 'member', ids);
  const roles = await readRoles(connection, teams);
  const moved = await readMovedMembers(connection, context.proxyId);
  const created: Membership[] = [];
  const updated: Membership[] = [];
  const objects = memberships.map((membership): RemoteObject => {
    const { remoteId, teamId, userId, role } = membership;
    const remote = { role, name: membership.user_email ?? membership.user_id };
    if (userId === null) {
      return { remoteId, localId: null, state: 'homeless', reason: 'unknown_user', agreement: null, remote };
    }
    const localId = `${teamId}/${userId}`;
    const ours = roles.get(localId);
    const last = known.get(remoteId)?.agreement ?? null;
    const agreed = { remote: { role }, local: { role } };
    const linked = { remoteId, localId, state: 'linked', reason: null, remote } as const;
    // A person whose records were merged here is a member by another one, until LiteLLM was told.
    if (ours === undefined && moved.has(localId)) {
      return { remoteId, localId: null, state: 'homeless', reason: 'deleted_here', agreement: null, remote };
    }
    if (ours === undefined) {
      created.push(membership);
      return { ...linked, agreement: agreed };
    }
    if (ours === role) return { ...linked, agreement: agreed };
    const theyChanged = !sameValue(last?.remote['role'], role);
    if (theyChanged && sameValue(last?.local['role'], ours)) {
      updated.push(membership);
      return { ...linked, agreement: agreed };
    }
    return theyChanged
      ? { ...linked, state: 'conflict', reason: 'differs (role)', agreement: last }
      : { ...linked, agreement: last };
  });
  await writeMemberships(connection, [...created, ...updated]);
  const changed = objects.filter((object) => {
    const before = known.get(object.remoteId);
    return before === undefined || !sameObject(before, object);
  });
  await saveObjects(connection, scanOf(context), 'member', changed);
  const homeless = objects.filter((object) => object.state === 'homeless').length;
  const unchanged = objects.length - homeless - created.length - updated.length;
  const figures = { created: created.length, updated: updated.length, unchanged, homeless };
  count(context, 'members', { read: objects.length, ...figures });
  return ids;
}

/** Finds our users by id, and by e-mail where the proxy knows only that. LiteLLM's own administrator is left out. */
async function resolve(
  connection: Connection,
  proxyId: string,
  teams: readonly TeamWithMembers[],
): Promise<Membership[]> {
  const all = teams.flatMap((team) =>
    team.members.filter((member) => member.user_id !== systemUserId).map((member) => ({ team, member })),
  );
  const ids = all.flatMap(({ member }) => (member.user_id === null ? [] : [member.user_id]));
  const emails = all.flatMap(({ member }) =>
    member.user_id === null && member.user_email !== null ? [member.user_email.toLowerCase()] : [],
  );
  const byId = await readLocalIds(connection, proxyId, 'user', [...new Set(ids)]);
  const rows = await connection.select(
    userByEmail,
    sql`
    SELECT (array_agg(id))[1] AS id, lower(email) AS email FROM ${from('users')}
    WHERE lower(email) = ANY(${sql.param([...new Set(emails)])}::text[])
    GROUP BY lower(email) HAVING count(*) = 1`,
  );
  const byEmail = new Map(rows.map((row) => [row.email, row.id]));
  const memberships = all.map(({ team, member }) => ({
    ...member,
    teamId: team.localId,
    remoteId: memberId(team.remoteId, member),
    userId:
      (member.user_id === null
        ? byEmail.get(member.user_email?.toLowerCase() ?? '')
        : byId.get(member.user_id)) ?? null,
  }));
  // Once per team and user: a person named by id and by e-mail, or twice, is one member. Admin outweighs member.
  const distinct = new Map<string, Membership>();
  for (const membership of memberships) {
    const key =
      membership.userId === null ? membership.remoteId : `${membership.teamId}/${membership.userId}`;
    const before = distinct.get(key);
    if (before === undefined || (before.role === 'member' && membership.role === 'admin')) {
      distinct.set(key, membership);
    }
  }
  return [...distinct.values()];
}

function memberId(teamId: string, { user_id: userId, user_email: email }: RemoteMember): string {
  const id = `${teamId}/${userId ?? email ?? ''}`;
  return id.length > 1000 ? contentId(id) : id;
}

async function readRoles(
  { select }: Connection,
  teams: readonly TeamWithMembers[],
): Promise<Map<string, string>> {
  const rows = await select(
    roleRow,
    sql`
    SELECT team_id || '/' || user_id AS id, role FROM ${from('team_members')}
    WHERE team_id = ANY(${sql.param(teams.map((team) => team.localId))}::uuid[])`,
  );
  return new Map(rows.map((row) => [row.id, row.role]));
}

async function writeMemberships({ run }: Connection, memberships: readonly Membership[]): Promise<void> {
  if (memberships.length === 0) return;
  const rows = memberships.map(({ teamId, userId, role }) => ({ team_id: teamId, user_id: userId, role }));
  await run(sql`
    INSERT INTO ${table('team_members')} (team_id, user_id, role)
    SELECT r.team_id, r.user_id, r.role
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r (team_id uuid, user_id uuid, role text)
    ON CONFLICT (team_id, user_id) DO UPDATE SET role = EXCLUDED.role`);
}
