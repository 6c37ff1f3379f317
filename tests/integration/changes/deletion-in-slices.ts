import { nobodyIsTold } from '../../support/nobody-is-told';
import type { Change, DeletionRules } from '../../../src/main/changes/change';
import { createChangesHandlers } from '../../../src/main/changes/index';
import { previewChange } from '../../../src/main/changes/preview';
import { nothing } from '../../../src/main/changes/record-table';
import type { Database } from '../../../src/main/postgres/database';
import {
  archiveUsage,
  hasUsageAside,
  isMuchUsage,
  restoreUsage,
  usageAmounts,
} from '../../../src/main/usage-log/archive-usage';
import { usersChange } from '../../../src/main/users/users-change';
import type { OpenWorkspace } from '../../../src/main/workspace/open-workspace';
import type { ChangePreview } from '../../../src/shared/contract/changes';

/** So many requests are moved at once: a person with a few has them moved in slices. */
export const sliceSize = 4;

export const deletionRules: DeletionRules = {
  own: ['team_members'],
  sliceSize: 50,
  isTooMuch: (connection, ids) => isMuchUsage(connection, ids, sliceSize),
  archive: (connection, ids) => archiveUsage(connection, ids, sliceSize),
  restore: (connection, ids, most = sliceSize) => restoreUsage(connection, ids, Math.min(most, sliceSize)),
  hasAside: hasUsageAside,
  amounts: usageAmounts,
};

const change: Change = { ...usersChange, deletion: deletionRules };

/** The procedures of changes, whose deletions of users move a few requests at a time. */
export const inSlices = createChangesHandlers([change], [], nobodyIsTold);

/** Only what changes look at. */
export function workspaceOf(database: Database): OpenWorkspace {
  return {
    database,
    profile: { operatorUserId: null },
    dataChanged: () => undefined,
  } as unknown as OpenWorkspace;
}

export function callOf(workspace: OpenWorkspace, signal = new AbortController().signal) {
  return { workspace, signal, report: () => undefined };
}

/** What deleting people would do, as they are now. */
export function previewDeletion(workspace: OpenWorkspace, ids: readonly string[]): Promise<ChangePreview> {
  return workspace.database.read(new AbortController().signal, (connection) =>
    previewChange(
      connection,
      workspace,
      change,
      'USER_DELETE',
      ids.map((id) => ({
        ...{ id, label: id, way: 'delete' as const, expected: 'as it is' as const },
        ...{ set: nothing, undoes: null, parts: null },
      })),
    ),
  );
}
