import type { ChangePreview, ChangeResult } from '../../../src/shared/contract/changes';
import type { ModelChanges } from '../../../src/shared/contract/models';
import { insertLiteLlmObject } from '../../support/builders';
import type { PostgresMajor } from '../../support/postgres-cluster';
import { type ChangeCalls, openChangeCalls } from './change-calls';

/** A workspace with what changing models takes. */
export interface ModelCalls extends ChangeCalls {
  seenModels(ids: readonly string[]): Promise<{ readonly id: string; readonly version: string }[]>;
  previewModels(ids: readonly string[], changes: ModelChanges): Promise<ChangePreview>;
  /** Previews and runs, as a person who agrees at once. */
  changeModels(ids: readonly string[], changes: ModelChanges): Promise<ChangeResult>;
  previewRetirement(ids: readonly string[]): Promise<ChangePreview>;
  model(id: string): Promise<Record<string, unknown>>;
  /** The database says that it is linked to a proxy, which nobody asks and which has these models. */
  link(models?: readonly string[]): Promise<void>;
  unlink(): Promise<void>;
}

const proxy = 'http://127.0.0.1:4999';

/** Opens a migrated database and its procedures. */
export async function openModelCalls(options: { readonly major?: PostgresMajor } = {}): Promise<ModelCalls> {
  const calls = await openChangeCalls(options);
  const seenModels: ModelCalls['seenModels'] = (ids) =>
    Promise.all(
      ids.map(async (id) => {
        const { model } = await calls.ask('models', 'get', { id });
        if (model === null) throw new Error(`no model ${id}`);
        return { id, version: model.version };
      }),
    );
  const previewModels: ModelCalls['previewModels'] = async (ids, changes) =>
    calls.ask('models', 'previewUpdate', { targets: { selected: await seenModels(ids) }, changes });
  return {
    ...calls,
    seenModels,
    previewModels,
    changeModels: async (ids, changes) => calls.run(await previewModels(ids, changes), 'as agreed'),
    previewRetirement: async (ids) =>
      calls.ask('models', 'previewRetire', { targets: { selected: await seenModels(ids) } }),
    async model(id) {
      const [row = {}] = await calls.rows('SELECT * FROM public.models WHERE id = $1', [id]);
      return row;
    },
    async link(models = []) {
      await calls.client.query(
        `INSERT INTO litemaas_console.settings (key, value) VALUES ('litellm_link', $1)`,
        [
          JSON.stringify({
            ...{ baseUrl: proxy, headerName: 'Authorization', linkedAt: '2026-11-01T00:00:00.000000Z' },
          }),
        ],
      );
      for (const id of models) {
        await insertLiteLlmObject(calls.client, {
          ...{ kind: 'model', proxy_id: proxy, local_id: id, remote_id: id },
        });
      }
    },
    async unlink() {
      await calls.client.query(`DELETE FROM litemaas_console.settings WHERE key = 'litellm_link'`);
      await calls.client.query('DELETE FROM litemaas_console.litellm_objects');
    },
  };
}
