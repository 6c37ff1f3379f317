import { afterAll, beforeAll } from 'vitest';
import type { ChangePreview } from '../../../src/shared/contract/changes';
import { insertModel, insertUsageLog, insertUser } from '../../support/builders';
import type { PostgresMajor } from '../../support/postgres-cluster';
import { type ChangeCalls, openChangeCalls } from './change-calls';

/** Everything that a merge may touch, but for the time of the last change, which an undo moves too. */
export const belongings = [
  `SELECT (to_jsonb(u) - 'updated_at') AS row FROM public.users AS u`,
  'SELECT to_jsonb(m) AS row FROM public.team_members AS m',
  `SELECT (to_jsonb(s) - 'updated_at') AS row FROM public.subscriptions AS s`,
  'SELECT to_jsonb(k) AS row FROM public.api_keys AS k',
  'SELECT to_jsonb(k) AS row FROM public.api_key_models AS k',
];

/** What was recorded of usage, byte for byte. */
export const usage = [
  'public.usage_logs',
  'public.usage_summaries',
  'litemaas_console.usage_daily',
  'litemaas_console.usage_monthly',
  'litemaas_console.usage_latency',
  'litemaas_console.unattributed_usage',
].map((table) => `SELECT to_jsonb(r) AS row FROM ${table} AS r`);

/** Two records of one person: which stays, and which is the duplicate. */
export interface Pair {
  readonly into: string;
  readonly from: string;
}

/** A database for the tests of one file, in which people are there twice. */
export function openMergeWorld(major: PostgresMajor) {
  let calls: ChangeCalls;
  let pairs = 0;
  beforeAll(async () => {
    calls = await openChangeCalls({ major });
    await insertUser(calls.client, { username: 'keeper', roles: ['admin', 'user'] });
    for (const id of ['gpt', 'claude', 'llama', 'qwen', 'mistral', 'phi']) {
      await insertModel(calls.client, { id, name: id.toUpperCase() });
    }
  });
  afterAll(() => calls.close());

  const state = async (texts: readonly string[]): Promise<string[]> => {
    const found: string[] = [];
    for (const text of texts) {
      const rows = await calls.rows(`SELECT row::text FROM (${text}) AS r ORDER BY 1`);
      found.push(rows.map(({ row }) => String(row)).join('\n'));
    }
    return found;
  };

  /** Two records of one person. */
  const makePair = async (kept: object = {}, duplicate: object = {}): Promise<Pair> => {
    pairs += 1;
    const into = await insertUser(calls.client, {
      username: `stays-${pairs}`,
      email: `person-${pairs}@example.com`,
      ...kept,
    });
    const from = await insertUser(calls.client, {
      username: `goes-${pairs}`,
      email: `Person-${pairs}@Example.com`,
      ...duplicate,
    });
    return { into: into.id, from: from.id };
  };
  const previewOf = async ({ from, into }: Pair): Promise<ChangePreview> =>
    calls.ask('users', 'previewMerge', { from: await calls.seen(from), into: await calls.seen(into) });
  const textsOf = ({ findings }: ChangePreview) =>
    findings.map(({ severity, text }) => `${severity}: ${text}`);
  const merge = async (pair: Pair) => calls.run(await previewOf(pair), 'one person');
  const use = (subscription: string, model: string, key: string | null = null) =>
    insertUsageLog(calls.client, {
      subscription_id: subscription,
      model_id: model,
      api_key_id: key,
      created_at: '2026-03-04T10:00:00Z',
      input_cost: '0.5',
    });
  const subscriptionsOf = (user: string) =>
    calls.rows(
      `SELECT model_id, status::text, used_requests::text AS used, quota_requests::text AS quota
       FROM public.subscriptions WHERE user_id = $1 ORDER BY model_id, status`,
      [user],
    );

  return {
    calls: () => calls,
    /** How many pairs were made: the number of the last one. */
    pairs: () => pairs,
    state,
    makePair,
    previewOf,
    textsOf,
    merge,
    use,
    subscriptionsOf,
  };
}
