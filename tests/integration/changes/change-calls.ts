import type { ChangePreview, ChangeResult } from '../../../src/shared/contract/changes';
import type { UserChanges } from '../../../src/shared/contract/users';
import type { PostgresMajor } from '../../support/postgres-cluster';
import { type AreaCalls, openAreaCalls } from '../areas/area-calls';

/** A workspace with what changing users takes. */
export interface ChangeCalls extends AreaCalls {
  /** A user as the list shows it now: what a form is filled from. */
  seen(id: string): Promise<{ readonly id: string; readonly version: string }>;
  preview(
    seen: readonly { readonly id: string; readonly version: string }[],
    changes: UserChanges,
  ): Promise<ChangePreview>;
  run(plan: string | ChangePreview, reason?: string | null): Promise<ChangeResult>;
  /** Previews and runs, as a person who agrees at once. */
  change(ids: readonly string[], changes: UserChanges, reason?: string): Promise<ChangeResult>;
  undo(batchId: string, recordId?: string): Promise<ChangeResult>;
  user(id: string): Promise<Record<string, unknown>>;
  rows(text: string, values?: readonly unknown[]): Promise<Record<string, unknown>[]>;
}

/** Opens a migrated database and its procedures. */
export async function openChangeCalls(
  options: { readonly major?: PostgresMajor } = {},
): Promise<ChangeCalls> {
  const calls = await openAreaCalls(options);
  const { ask, client } = calls;
  const rows = async (text: string, values: readonly unknown[] = []): Promise<Record<string, unknown>[]> =>
    (await client.query<Record<string, unknown>>(text, [...values])).rows;
  const seen = async (id: string) => {
    const { version } = await ask('users', 'get', { id });
    return { id, version };
  };
  const preview: ChangeCalls['preview'] = (selected, changes) =>
    ask('users', 'previewUpdate', { targets: { selected: [...selected] }, changes });
  const run: ChangeCalls['run'] = (plan, reason = null) =>
    ask('changes', 'run', { plan: typeof plan === 'string' ? plan : plan.plan, reason });
  return {
    ...calls,
    rows,
    seen,
    preview,
    run,
    change: async (ids, changes, reason = 'as agreed') =>
      run(await preview(await Promise.all(ids.map(seen)), changes), reason),
    undo: async (batchId, recordId) =>
      run(await ask('changes', 'previewUndo', { batchId, recordId: recordId ?? null }), 'taken back'),
    async user(id) {
      const [row = {}] = await rows('SELECT * FROM public.users WHERE id = $1', [id]);
      return row;
    },
  };
}
