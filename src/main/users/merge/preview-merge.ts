import { sql } from 'drizzle-orm';
import * as z from 'zod';
import type { ChangePreview } from '../../../shared/contract/changes';
import type { Contract } from '../../../shared/contract/index';
import { AppError } from '../../../shared/errors';
import { isMissingEmail } from '../../../shared/missing-email';
import { lastChanges } from '../../changes/journal';
import { previewChange } from '../../changes/preview';
import { readRecordsNow, type RecordNow } from '../../changes/record-table';
import { say } from '../../kernel/say';
import type { Connection } from '../../postgres/database';
import { from as relation } from '../../postgres/relations';
import type { Handler } from '../../router/handlers';
import { teamMembersRecord } from '../../teams/team-members-record';
import { linkedProxy } from '../../workspace/console-settings';
import { usersRecord } from '../users-record';
import { readBelongings } from './belongings';
import { mergeFindings } from './merge-findings';
import { mergeChange } from './merge-change';
import { planMerge } from './plan-merge';
import { keepSiteRows } from './site-rows';

const shownFindings = 50;

/** What merging a duplicate into the record that stays would do: all of it in one transaction. */
export const previewMerge: Handler<Contract['users']['previewMerge']> = (
  { from, into },
  { signal, workspace },
) =>
  workspace.database.read(signal, async (connection) => {
    const now = await readRecordsNow(connection, usersRecord, [from.id, into.id]);
    const duplicate = now.get(from.id);
    const kept = now.get(into.id);
    if (duplicate === undefined || kept === undefined) {
      throw new AppError('not_found', say('records.gone.user'), { hint: say('records.goneHint.user') });
    }
    // Whoever looks at old data reads of that first: the rules are about what is there.
    const isStale = duplicate.version !== from.version || kept.version !== into.version;
    if (!isStale) await checkMayMerge(connection, duplicate, kept);
    const theirs = await readBelongings(connection, from.id);
    const plan = planMerge(into, theirs, await readBelongings(connection, into.id));
    const ending = plan.memberships.doubled.map(({ id }) => id);
    if (!isStale) await keepSiteRows(connection, teamMembersRecord, ending, 'look');
    const wish = {
      id: from.id,
      way: 'update' as const,
      label: from.id,
      expected: { version: from.version },
      set: { isActive: false },
      undoes: null,
      parts: plan.parts,
    };
    const preview = await previewChange(connection, workspace, mergeChange, mergeChange.actions.update, [
      wish,
    ]);
    if (isStale) return withConflicts(connection, preview, { duplicate, kept }, { from, into });
    if (preview.toChange === 0) return preview;
    const isLinked = (await linkedProxy(connection)) !== null;
    const findings = await mergeFindings(connection, { duplicate, kept, plan, isLinked });
    return { ...preview, findings: [...preview.findings, ...findings].slice(0, shownFindings) };
  });

/** @throws AppError `validation` where these two are not one person's, or either is switched off. */
async function checkMayMerge({ select }: Connection, duplicate: RecordNow, kept: RecordNow): Promise<void> {
  const [row] = await select(
    z.strictObject({ isSame: z.boolean() }),
    sql`
    SELECT count(*) = 2 AND count(DISTINCT lower(u.email)) = 1 AS "isSame" FROM ${relation('users', 'u')}
    WHERE u.id = ANY(${sql.param([duplicate.id, kept.id])}::uuid[])`,
  );
  const addresses = { one: String(duplicate.image['email']), other: String(kept.image['email']) };
  if (row?.isSame !== true || isMissingEmail(addresses.one.toLowerCase())) {
    throw new AppError('validation', say('changes.users.merge.otherAddress', addresses), {
      hint: say('changes.users.merge.otherAddressHint'),
    });
  }
  for (const { image } of [duplicate, kept]) {
    if (image['isActive'] === true) continue;
    throw new AppError(
      'validation',
      say('changes.users.merge.inactive', { name: String(image['username']) }),
      {
        hint: say('changes.users.merge.inactiveHint'),
      },
    );
  }
}

/** Shows each of the two that is not as it was seen. */
async function withConflicts(
  connection: Connection,
  preview: ChangePreview,
  now: { readonly duplicate: RecordNow; readonly kept: RecordNow },
  seen: { readonly from: { readonly version: string }; readonly into: { readonly version: string } },
): Promise<ChangePreview> {
  const stale = [
    ...(now.duplicate.version === seen.from.version
      ? []
      : [{ ...now.duplicate, wanted: { isActive: false } }]),
    ...(now.kept.version === seen.into.version ? [] : [{ ...now.kept, wanted: {} }]),
  ];
  const last = await lastChanges(
    connection,
    'user',
    stale.map(({ id }) => id),
  );
  return {
    ...preview,
    conflictCount: stale.length,
    conflicts: stale.map(({ id, image, version, wanted }) => ({
      id,
      label: String(image['username']),
      now: image,
      wanted,
      expected: null,
      version,
      changedBy: last.get(id)?.actor ?? null,
      changedAt: last.get(id)?.created_at ?? null,
    })),
  };
}
