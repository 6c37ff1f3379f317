import type { ChangePreview, ChangeResult } from '../../../src/shared/contract/changes';
import type { SubscriptionChanges } from '../../../src/shared/contract/subscriptions';
import { insertModel, insertSubscription, insertUser } from '../../support/builders';
import type { PostgresMajor } from '../../support/postgres-cluster';
import { type ChangeCalls, openChangeCalls } from './change-calls';

type SubscriptionColumns = Readonly<Record<string, unknown>> & {
  readonly user_id?: string;
  readonly model_id?: string;
};

/** A workspace with what changing subscriptions takes. */
export interface SubscriptionCalls extends ChangeCalls {
  /** A subscription of somebody new to a model of its own, unless the columns say whose and to which. */
  subscribe(columns?: SubscriptionColumns): Promise<string>;
  selected(ids: readonly string[]): Promise<{ selected: { id: string; version: string }[] }>;
  previewSubscriptions(ids: readonly string[], changes: SubscriptionChanges): Promise<ChangePreview>;
  /** Previews and runs, as a person who agrees at once. */
  changeSubscriptions(ids: readonly string[], changes: SubscriptionChanges): Promise<ChangeResult>;
  subscription(id: string): Promise<Record<string, unknown>>;
}

/** Opens a migrated database and its procedures. */
export async function openSubscriptionCalls(
  options: { readonly major?: PostgresMajor } = {},
): Promise<SubscriptionCalls> {
  const calls = await openChangeCalls(options);
  const selected: SubscriptionCalls['selected'] = async (ids) => ({
    selected: await Promise.all(
      ids.map(async (id) => {
        const { version } = await calls.ask('subscriptions', 'get', { id });
        return { id, version };
      }),
    ),
  });
  const previewSubscriptions: SubscriptionCalls['previewSubscriptions'] = async (ids, changes) =>
    calls.ask('subscriptions', 'previewUpdate', { targets: await selected(ids), changes });
  return {
    ...calls,
    selected,
    previewSubscriptions,
    async subscribe(columns = {}) {
      const named = {
        user_id: columns.user_id ?? (await insertUser(calls.client)).id,
        model_id: columns.model_id ?? (await insertModel(calls.client)).id,
      };
      return (await insertSubscription(calls.client, { ...columns, ...named })).id;
    },
    changeSubscriptions: async (ids, changes) =>
      calls.run(await previewSubscriptions(ids, changes), 'as agreed'),
    async subscription(id) {
      const [row = {}] = await calls.rows('SELECT * FROM public.subscriptions WHERE id = $1', [id]);
      return row;
    },
  };
}
