/**
 * A console that is a process of its own and can be killed: previews that the users it is told are switched off, in slices
 * of its own size, says the plan, and does it. Says each slice before it begins.
 */
import { previewChange } from '../../../src/main/changes/preview';
import { planWith } from '../../../src/main/changes/plans';
import { runPlan } from '../../../src/main/changes/run';
import { openDatabase } from '../../../src/main/postgres/database';
import { usersChange } from '../../../src/main/users/users-change';
import type { OpenWorkspace } from '../../../src/main/workspace/open-workspace';

interface Task {
  readonly config: object;
  readonly users: readonly string[];
  readonly sliceSize: number;
}

const { config, users, sliceSize } = JSON.parse(process.env['LITEMAAS_TASK'] ?? '') as Task;
const database = openDatabase({ config, readOnly: false });
// Only what changes look at.
const workspace = {
  database,
  profile: { operatorUserId: null },
  dataChanged: () => undefined,
} as unknown as OpenWorkspace;
const { signal } = new AbortController();
const say = (message: object): void => void process.stdout.write(`${JSON.stringify(message)}\n`);

const { plan } = await database.read(signal, (connection) =>
  previewChange(
    connection,
    workspace,
    { ...usersChange, sliceSize },
    usersChange.actions.update,
    users.map((id) => ({
      id,
      label: id,
      way: 'update',
      expected: 'as it is',
      set: { isActive: false, rpmLimit: '1' },
      undoes: null,
      parts: null,
    })),
  ),
);
say({ plan });
const result = await runPlan(planWith(workspace, plan), 'left the company', {
  workspace,
  signal,
  report: ({ done }) => say({ done }),
});
say({ result });
await database.close();
