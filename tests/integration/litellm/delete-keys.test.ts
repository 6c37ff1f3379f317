import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { apiKeysHandlers } from '../../../src/main/api-keys';
import { createApiKey } from '../../../src/main/api-keys/create-api-key';
import { createChangesHandlers } from '../../../src/main/changes';
import { changesOfAreas, ownUndos } from '../../../src/main/changes-of-areas';
import { createSendNews } from '../../../src/main/litellm/outbox/send-waiting';
import { contract } from '../../../src/shared/contract';
import { ana } from './builders';
import { clientOptions, hash, openPush, type PushHarness } from './push-harness';

describe('deleting keys here and in LiteLLM', () => {
  let p: PushHarness;
  beforeEach(async () => {
    p = await openPush('1.108.7');
  });
  afterEach(() => p.h.close());

  const call = () => ({
    workspace: p.h.workspace,
    signal: new AbortController().signal,
    report: () => undefined,
  });
  const changes = createChangesHandlers(changesOfAreas, ownUndos, createSendNews(clientOptions));
  const deleteKey = async (id = p.id) => {
    const { version } = await apiKeysHandlers.get({ id }, call());
    const { plan, litellm } = await apiKeysHandlers.previewDelete(
      { targets: { selected: [{ id, version }] } },
      call(),
    );
    expect(litellm).toEqual({ waiting: 1, takesAway: 1 });
    return changes.run({ plan, reason: 'out of use' }, call());
  };
  const previewUndo = (batchId: string) => changes.previewUndo({ batchId, recordId: null }, call());
  const undo = async (batchId: string) =>
    changes.run({ plan: (await previewUndo(batchId)).plan, reason: 'after all' }, call());
  const block = async (): Promise<void> => {
    await p.edit('is_active = false', ['isActive'], ['isActive']);
    await p.send();
    expect(p.remote().blocked).toBe(true);
  };
  const objects = () =>
    p.h.rows('SELECT state FROM litemaas_console.litellm_objects WHERE remote_id = $1', [hash]);

  it('deletes a blocked key there before the change is answered; an undo brings back a record of what is gone', async () => {
    await block();
    const { batchId, done, waiting } = await deleteKey();
    expect({ done, waiting }).toEqual({ done: 1, waiting: 0 });
    expect(p.state.keys.has(hash)).toBe(false);
    expect(await objects()).toEqual([{ state: 'missing' }]);
    expect(await undo(batchId)).toMatchObject({ done: 1, problems: [] });
    expect(await p.outbox()).toEqual([]);
    const { litellm, isActive, state } = await apiKeysHandlers.get({ id: p.id }, call());
    expect({ isActive, state, there: litellm.map((each) => each.state) }).toEqual({
      ...{ isActive: false, state: 'inactive' },
      there: ['missing'],
    });
    // Switched on, it is nowhere: LiteLLM does not have it.
    await p.edit('is_active = true', ['isActive']);
    expect(await p.send()).toMatchObject({ sent: 0, refused: 1 });
    expect(p.state.keys.has(hash)).toBe(false);
  });

  it('deletes a key there of which nothing but its row, gone by now, said the hash', async () => {
    await block();
    await p.h.rows('DELETE FROM litemaas_console.litellm_objects WHERE remote_id = $1', [hash]);
    await deleteKey();
    expect(p.state.keys.has(hash)).toBe(false);
    expect(await p.outbox()).toEqual([]);
  });

  it('waits where LiteLLM is away, is not brought back by a pull, and is told later', async () => {
    await block();
    p.h.simulator.faults.add({ kind: 'bad-gateway', path: '/key/delete', times: Infinity });
    expect(await deleteKey()).toMatchObject({ done: 1, waiting: 1 });
    expect(await p.outbox()).toMatchObject([{ fields: ['deleted'], taken: ['deleted'] }]);
    expect(p.remote().blocked).toBe(true);
    await p.h.pull();
    expect(await p.h.rows('SELECT id FROM api_keys')).toEqual([]);
    p.h.simulator.faults.clear();
    await p.h.rows(`UPDATE litemaas_console.outbox SET tried_at = tried_at - interval '1 minute'`);
    await p.send();
    expect(p.state.keys.has(hash)).toBe(false);
    expect(await p.outbox()).toEqual([]);
  });

  describe('of which the making is taken back', () => {
    const makeKey = async () => {
      const wish = contract.apiKeys.create.input.parse({
        ...{
          userId: ana,
          name: 'by mistake',
          alias: 'by-mistake',
          models: 'all',
          teamId: null,
          maxBudget: null,
        },
        ...{ budgetDuration: null, tpmLimit: null, rpmLimit: null, expiresAt: null, keepValue: true },
      });
      const { id } = await createApiKey(clientOptions)(wish, call());
      const [made] = await p.h.rows<{ batch: string }>(
        `SELECT batch_id::text AS batch FROM litemaas_console.changes WHERE record_id = $1`,
        [id],
      );
      return { id, batchId: made?.batch ?? '' };
    };

    it('goes there and here where nobody has used it, and never comes back', async () => {
      const { id, batchId } = await makeKey();
      expect(p.state.keys.size).toBe(2);
      const preview = await previewUndo(batchId);
      expect(preview).toMatchObject({ action: 'API_KEY_CREATE_UNDO', grade: 'reversible', toChange: 1 });
      const undone = await changes.run({ plan: preview.plan, reason: null }, call());
      expect(undone).toMatchObject({ done: 1, waiting: 0, problems: [] });
      expect([...p.state.keys.keys()]).toEqual([hash]);
      expect(await p.h.rows('SELECT id FROM api_keys WHERE id = $1', [id])).toEqual([]);
      expect(await previewUndo(undone.batchId)).toMatchObject({
        ...{ toChange: 0, refused: 1 },
        findings: [{ text: 'LiteLLM has deleted this key, and it never comes back live: make a new one.' }],
      });
    });

    it('stays where it was used since, also between review and run', async () => {
      const { id, batchId } = await makeKey();
      const { plan } = await previewUndo(batchId);
      await p.h.rows('UPDATE api_keys SET last_used_at = now() WHERE id = $1', [id]);
      expect(await changes.run({ plan, reason: null }, call())).toMatchObject({
        done: 0,
        problems: [{ outcome: 'refused', text: 'Has been used since it was made: revoke it instead.' }],
      });
      expect(await previewUndo(batchId)).toMatchObject({ toChange: 0, refused: 1 });
      expect(p.state.keys.size).toBe(2);
    });
  });
});
