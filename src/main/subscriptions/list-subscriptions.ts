import type { Contract } from '../../shared/contract/index';
import { readPage } from '../records/list-query';
import type { Handler } from '../router/handlers';
import { subscriptionRows } from './subscription-rows';
import { subscriptionsSource } from './subscriptions-source';

/** One page of subscriptions. */
export const listSubscriptions: Handler<Contract['subscriptions']['list']> = (
  input,
  { signal, workspace: { database } },
) =>
  database.read(signal, async (connection) => {
    const source = await subscriptionsSource(connection, input);
    const { ids, ...count } = await readPage(connection, source, input);
    return { rows: await subscriptionRows(connection, ids), ...count };
  });
