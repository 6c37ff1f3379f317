import { type SendResult, sendWaiting } from '../../../src/main/litellm/outbox/send-waiting';
import { type KeyRow, type ProxyState, tokenOf } from '../../support/litellm';
import type { VersionName } from '../../support/litellm/version-profiles';
import { anaKey, smallState } from './builders';
import { createHarness, type Harness } from './harness';

export const hash = tokenOf(anaKey);
export const clientOptions = { sleep: () => Promise.resolve(), timeoutMs: 2_000 };

interface OutboxRow {
  readonly fields: string[];
  readonly taken: string[];
  readonly state: string;
  readonly problem: string | null;
}

/** A small proxy that was pulled, with what a test of telling it about Ana's key needs. */
export interface PushHarness {
  readonly h: Harness;
  readonly state: ProxyState;
  /** Of Ana's key here. */
  readonly id: string;
  /** Ana's key as the proxy has it. */
  remote(): KeyRow;
  send(again?: boolean, keyId?: string | null): Promise<SendResult>;
  /** A change of a key here, as the kernel leaves it: the row and its news. */
  edit(set: string, fields: string[], taken?: string[], key?: string): Promise<void>;
  /** What LiteLLM was not told yet. */
  outbox(key?: string): Promise<OutboxRow[]>;
  writes(): { readonly path: string; readonly body: Record<string, unknown> }[];
}

export async function openPush(version: VersionName = '1.81.0'): Promise<PushHarness> {
  const state = smallState();
  const h = await createHarness({ simulator: { state, version } });
  await h.link();
  await h.pull();
  const [known] = await h.rows<{ id: string }>('SELECT id FROM api_keys WHERE key_hash = $1', [hash]);
  const id = known?.id ?? '';
  h.simulator.recorder.requests.length = 0;
  return {
    h,
    state,
    id,
    remote() {
      const key = state.keys.get(hash);
      if (key === undefined) throw new Error('the proxy has no such key');
      return key;
    },
    send: (again = false, keyId = null) =>
      sendWaiting(
        { batchId: null, keyId, again },
        { workspace: h.workspace, signal: new AbortController().signal, clientOptions },
      ),
    async edit(set, fields, taken = [], key = id) {
      if (set !== '') await h.rows(`UPDATE api_keys SET ${set} WHERE id = $1`, [key]);
      await h.rows(
        `INSERT INTO litemaas_console.outbox (change_id, proxy_id, record_kind, record_id, fields, taken)
         VALUES (1, $1, 'api_key', $2, $3, $4)`,
        [h.simulator.url, key, fields, taken],
      );
    },
    outbox: (key = id) =>
      h.rows<OutboxRow & Record<string, unknown>>(
        `SELECT fields, taken, state, problem FROM litemaas_console.outbox WHERE record_id = $1 AND state <> 'done' ORDER BY id`,
        [key],
      ),
    writes: () =>
      h.simulator.recorder.requests
        .filter(({ method }) => method !== 'GET')
        .map(({ path, body }) => ({ path, body: body as Record<string, unknown> })),
  };
}
