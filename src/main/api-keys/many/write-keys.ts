import { randomUUID } from 'node:crypto';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { PlannedKey } from '../../../shared/contract/api-keys';
import { AppError, isCancelled } from '../../../shared/errors';
import { recordChange } from '../../changes/record-change';
import { byteOrderMark, csvLine } from '../../export/csv';
import { writeThrough } from '../../export/write-through';
import { say } from '../../kernel/say';
import type { LitellmClient } from '../../litellm/client/client';
import { toErrorEnvelope } from '../../router/error-envelope';
import type { OpenWorkspace } from '../../workspace/open-workspace';
import { imageOf, makeWithRow } from '../make-with-row';
import { keyOf, modelsOfKeys, type WishedKeys } from './plan-keys';

interface Writing {
  readonly workspace: OpenWorkspace;
  readonly client: LitellmClient;
  /** Aborted when no more keys are to be made. */
  readonly signal: AbortSignal;
  readonly wish: WishedKeys;
  readonly planned: readonly PlannedKey[];
  readonly target: Writable;
  readonly batchId: string;
  /** A value stands in the file. */
  readonly onWritten: () => void;
}

const headings = ['username', 'email', 'alias', 'value', 'not_made_because'];

/** What the next key would meet as well: after it no other is tried. */
const endings: readonly string[] = ['litellm_unreachable', 'litellm_auth', 'db_unreachable', 'internal'];

/**
 * Makes the keys one after the other. A value is in the file before its key counts: where it can't be written, LiteLLM
 * takes the key back, and no other is made. Who gets no key has a line without a value, and why.
 * @throws what the target failed with; what nobody foresaw, once the file is whole.
 */
export async function writeKeys(writing: Writing): Promise<void> {
  const { signal, planned, target } = writing;
  // What it fails with is what the next text to be written brings.
  target.on('error', () => undefined);
  const line = ({ username, email, alias }: PlannedKey, value: string | null, reason: string | null) =>
    writeThrough(target, csvLine([username, email, alias, value, reason]));
  // Before this is there, no key is made.
  await writeThrough(target, byteOrderMark + csvLine(headings));
  let ending: string | null = null;
  let unforeseen: Error | null = null;
  for (const person of planned) {
    if (signal.aborted) ending ??= say('changes.keys.stopped');
    const obstacle: string | null = person.obstacle ?? ending;
    if (obstacle !== null) {
      await line(person, null, obstacle);
      continue;
    }
    let isWritten = false;
    try {
      await makeOne(writing, person, async (value) => {
        await line(person, value, null);
        isWritten = true;
        writing.onWritten();
      });
    } catch (error) {
      if (target.destroyed) throw error;
      if (!(error instanceof AppError) && !isCancelled(error) && error instanceof Error) unforeseen = error;
      const { code, message, hint } = toErrorEnvelope(error);
      if (isCancelled(error) || endings.includes(code))
        ending = say('changes.keys.stoppedBecause', { why: message });
      const why = [message, hint ?? ''].join(' ').trim();
      await line(person, null, isWritten ? say('changes.keys.valueVoid', { why }) : why);
    }
  }
  target.end();
  await finished(target);
  if (unforeseen !== null) throw unforeseen;
}

async function makeOne(
  { workspace, client, wish, batchId }: Writing,
  person: PlannedKey,
  handOut: (value: string) => Promise<void>,
): Promise<void> {
  const id = randomUUID();
  // A key that was begun is made, so that whoever stops it has no value in the file that opens nothing.
  const signal = workspace.database.closing;
  const models = modelsOfKeys(wish);
  await makeWithRow({
    ...{ workspace, client, signal, id, wish: keyOf(wish, person), models, known: models },
    async record(connection, { value }) {
      await recordChange(connection, workspace, {
        ...{ action: 'API_KEY_CREATE', id, before: null, after: await imageOf(connection, id) },
        facts: { valueStored: wish.keepValue, valueInFile: true },
        of: { batchId, undoes: null, reason: null },
      });
      // The last step: only the commit may fail after it.
      await handOut(value);
    },
  });
}
