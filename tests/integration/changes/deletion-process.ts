/**
 * A console that is a process of its own and is killed at one statement: says that it is ready, then deletes the person,
 * or takes back the batch, that a line of its input names, and ends itself by SIGKILL once it has sent the statement whose
 * number that line has.
 */
import { createInterface } from 'node:readline';
import { openDatabase } from '../../../src/main/postgres/database';
import { interceptStatements } from '../../support/faults/statement-faults';
import { callOf, inSlices, previewDeletion, workspaceOf } from './deletion-in-slices';

interface Task {
  readonly config: object;
  readonly what: { readonly delete: string } | { readonly undo: string };
  /** The statement after which it is killed, counted from the beginning of the run. */
  readonly statement: number;
}

process.stdout.write('ready\n');
for await (const line of createInterface({ input: process.stdin })) {
  const { config, what, statement: last } = JSON.parse(line) as Task;
  const workspace = workspaceOf(openDatabase({ config, readOnly: false }));
  const call = callOf(workspace);
  const { plan } =
    'delete' in what
      ? await previewDeletion(workspace, [what.delete])
      : await inSlices.previewUndo({ batchId: what.undo, recordId: null }, call);
  let sent = 0;
  interceptStatements((statement) => {
    sent += 1;
    const answer = statement.send();
    // The driver hands a statement to the socket at the end of the turn.
    if (sent === last) setImmediate(() => process.kill(process.pid, 'SIGKILL'));
    return answer;
  });
  await inSlices.run({ plan, reason: 'has left' }, call);
  throw new Error('it was through before it was killed');
}
