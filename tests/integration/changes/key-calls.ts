import type { ApiKeyChanges } from '../../../src/shared/contract/api-keys';
import type { ChangePreview, ChangeResult } from '../../../src/shared/contract/changes';
import type { PostgresMajor } from '../../support/postgres-cluster';
import { type ChangeCalls, openChangeCalls } from './change-calls';

/** A workspace with what changing API keys takes. */
export interface KeyCalls extends ChangeCalls {
  /** A key as its page shows it now: what a form is filled from. */
  seenKey(id: string): Promise<{ readonly id: string; readonly version: string }>;
  previewKeys(ids: readonly string[], changes: ApiKeyChanges): Promise<ChangePreview>;
  /** Previews and runs, as a person who agrees at once. */
  changeKeys(ids: readonly string[], changes: ApiKeyChanges): Promise<ChangeResult>;
  previewRevoke(ids: readonly string[]): Promise<ChangePreview>;
  key(id: string): Promise<Record<string, unknown>>;
  /** The models that are tied to a key, in their order. */
  modelsOf(id: string): Promise<unknown[]>;
}

/** Opens a migrated database and its procedures. */
export async function openKeyCalls(options: { readonly major?: PostgresMajor } = {}): Promise<KeyCalls> {
  const calls = await openChangeCalls(options);
  const seenKey: KeyCalls['seenKey'] = async (id) => {
    const { version } = await calls.ask('apiKeys', 'get', { id });
    return { id, version };
  };
  const selected = async (ids: readonly string[]) => ({ selected: await Promise.all(ids.map(seenKey)) });
  const previewKeys: KeyCalls['previewKeys'] = async (ids, changes) =>
    calls.ask('apiKeys', 'previewUpdate', { targets: await selected(ids), changes });
  return {
    ...calls,
    seenKey,
    previewKeys,
    changeKeys: async (ids, changes) => calls.run(await previewKeys(ids, changes), 'as agreed'),
    previewRevoke: async (ids) => calls.ask('apiKeys', 'previewRevoke', { targets: await selected(ids) }),
    async key(id) {
      const [row = {}] = await calls.rows('SELECT * FROM public.api_keys WHERE id = $1', [id]);
      return row;
    },
    modelsOf: async (id) =>
      (
        await calls.rows('SELECT model_id FROM public.api_key_models WHERE api_key_id = $1 ORDER BY 1', [id])
      ).map((row) => row['model_id']),
  };
}
