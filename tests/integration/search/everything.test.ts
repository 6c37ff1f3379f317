import { sql } from 'drizzle-orm';
import * as z from 'zod';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contract, type InputOf, type Contract } from '../../../src/shared/contract/index';
import type { RecordHit } from '../../../src/shared/contract/search';
import { hitsStatement } from '../../../src/main/search/everything';
import { searchHandlers } from '../../../src/main/search/index';
import {
  insertApiKey,
  insertModel,
  insertSubscription,
  insertTeam,
  insertUser,
} from '../../support/builders';
import { type AreaCalls, openAreaCalls } from '../areas/area-calls';

let areas: AreaCalls;
const known: Record<string, string> = {};

beforeAll(async () => {
  areas = await openAreaCalls({ access: 'read-only' });
  const { client } = areas;
  const note = (name: string, { id }: { id: string }): void => void (known[name] = id);
  note(
    'ada',
    await insertUser(client, { username: 'ada', email: 'ada@north.test', full_name: 'Ada Lovelace' }),
  );
  note('adam', await insertUser(client, { username: 'adam', email: 'adam@north.test' }));
  note(
    'yamada',
    await insertUser(client, { username: 'yamada', email: 'y@south.test', full_name: '山田 50%_x' }),
  );
  note('nomail', await insertUser(client, { username: 'nomail', email: 'n1@unknown.invalid' }));
  note('team', await insertTeam(client, { name: 'Adapters', alias: 'adp' }));
  note('model', await insertModel(client, { id: 'ada-002', name: 'Ada Embeddings', provider: 'openai' }));
  const subscription = await insertSubscription(client, {
    user_id: known['adam'] ?? '',
    model_id: 'ada-002',
  });
  note('subscription', subscription);
  note(
    'key',
    await insertApiKey(client, {
      user_id: known['yamada'] ?? '',
      name: 'nightly',
      litellm_key_alias: 'ada-batch',
      value: 'sk-palette-secret-value',
    }),
  );
});
afterAll(() => areas.close());

const call = () => ({
  signal: new AbortController().signal,
  report: () => undefined,
  workspace: areas.workspace,
});

async function find(search: string): Promise<readonly RecordHit[]> {
  const { everything } = contract.search;
  return everything.output.parse(await searchHandlers.everything(everything.input.parse({ search }), call()))
    .hits;
}

const names = (hits: readonly RecordHit[]): string[] => hits.map(({ kind, label }) => `${kind} ${label}`);

describe('the search for everything', () => {
  it('finds every kind, with what is called so before what begins so before what contains it', async () => {
    expect(names(await find('ada'))).toEqual([
      'user ada',
      'user adam',
      'user yamada',
      'team Adapters',
      'model Ada Embeddings',
      'subscription adam',
      'apiKey nightly',
    ]);
  });

  it('tells what a hit is beside its name, and no placeholder for an address', async () => {
    const hits = await find('ada');
    expect(hits[0]).toEqual({
      kind: 'user',
      id: known['ada'],
      label: 'ada',
      details: ['Ada Lovelace', 'ada@north.test'],
    });
    expect(hits.find(({ kind }) => kind === 'subscription')?.details).toEqual(['Ada Embeddings']);
    expect(hits.find(({ kind }) => kind === 'apiKey')?.details).toEqual(['sk-pale', 'yamada']);
    expect((await find('nomail'))[0]?.details).toEqual([]);
  });

  it('is indifferent to case, and takes wildcards literally', async () => {
    expect(names(await find('ADAM'))).toContain('user adam');
    expect(names(await find('50%_'))).toEqual(['user yamada']);
    expect(await find('%')).toEqual([]);
    expect(await find('\\')).toEqual([]);
    expect(await find('a\0da')).toHaveLength(7);
  });

  it('finds what begins with one or two characters, also in other scripts', async () => {
    expect(names(await find('山'))).toEqual(['user yamada']);
    expect(names(await find('ad'))).toContain('user ada');
    expect(names(await find('ad'))).not.toContain('user yamada');
  });

  it('finds a record by its id', async () => {
    for (const [name, kind] of [
      ['team', 'team'],
      ['subscription', 'subscription'],
      ['key', 'apiKey'],
    ] as const) {
      expect(await find(known[name] ?? '')).toMatchObject([{ kind, id: known[name] }]);
    }
    expect(names(await find('ada-002'))).toContain('model Ada Embeddings');
  });

  it('finds a pasted key by its hash and nothing else, and keys by what they begin with', async () => {
    expect(await find('sk-palette-secret-value')).toMatchObject([{ kind: 'apiKey', id: known['key'] }]);
    expect(await find('sk-palette-secret-valuX')).toEqual([]);
    expect(await find('sk-pal')).toMatchObject([{ kind: 'apiKey', id: known['key'] }]);
  });

  it('answers nothing for nothing', async () => {
    expect(await find('   ')).toEqual([]);
  });

  it('offers few of each kind, the one that is called so among them', async () => {
    const { client } = areas;
    await client.query(`
      INSERT INTO users (username, email, oauth_provider, oauth_id)
      SELECT 'zoo' || n, 'zoo' || n || '@zoo.test', 'test', 'zoo' || n FROM generate_series(1, 30) AS n;
      INSERT INTO users (username, email, oauth_provider, oauth_id) VALUES ('zoo', 'a@zoo.test', 'test', 'zoo');
      INSERT INTO teams (name) SELECT 'zoo ' || n FROM generate_series(1, 30) AS n;
      INSERT INTO teams (name) VALUES ('Zoo');
      INSERT INTO subscriptions (user_id, model_id, status)
      SELECT id, 'ada-002', 'active' FROM users WHERE username LIKE 'zoo%'`);
    const hits = await find('zoo');
    for (const kind of ['user', 'team', 'subscription']) {
      expect(hits.filter((hit) => hit.kind === kind)).toHaveLength(5);
    }
    expect(names(hits)[0]).toBe('user zoo');
    expect(names(hits)).toContain('team Zoo');
  });

  it('stops when nobody waits any more', async () => {
    const controller = new AbortController();
    controller.abort();
    await expect(
      searchHandlers.everything({ search: 'ada' }, { ...call(), signal: controller.signal }),
    ).rejects.toMatchObject({ code: 'cancelled' });
  });
});

describe('records that were picked before', () => {
  const read = async (records: InputOf<Contract['search']['records']>['records']) =>
    (await searchHandlers.records(contract.search.records.input.parse({ records }), call())).hits;

  it('are named as they are now, in the order given', async () => {
    expect(
      names(
        await read([
          { kind: 'model', id: 'ada-002' },
          { kind: 'user', id: known['ada'] ?? '' },
          { kind: 'subscription', id: known['subscription'] ?? '' },
          { kind: 'apiKey', id: known['key'] ?? '' },
        ]),
      ),
    ).toEqual(['model Ada Embeddings', 'user ada', 'subscription adam', 'apiKey nightly']);
  });

  it('are left out when they are gone or never were', async () => {
    expect(
      await read([
        { kind: 'user', id: '00000000-0000-4000-8000-00000000dead' },
        { kind: 'team', id: 'no uuid' },
        { kind: 'model', id: 'gone\0' },
      ]),
    ).toEqual([]);
    expect(await read([])).toEqual([]);
  });
});

describe('the plan of the search', () => {
  /** Where PostgreSQL scans a table only if no index can do it: what an index serves here it serves at 100,000 rows. */
  const planOf = (search: string): Promise<string> =>
    areas.workspace.database.read(new AbortController().signal, async ({ run, select }) => {
      await run(sql`SELECT set_config('enable_seqscan', 'off', true)`);
      const statement = hitsStatement(search) ?? sql`SELECT`;
      const rows = await select(
        z.strictObject({ 'QUERY PLAN': z.string() }),
        sql`EXPLAIN (COSTS OFF) ${statement}`,
      );
      return rows.map((row) => row['QUERY PLAN']).join('\n');
    });

  it('scans no table whose names an index serves', async () => {
    const plan = await planOf('ada');
    expect(plan).not.toMatch(/Seq Scan on (users|teams|models|subscriptions|api_keys)/);
    for (const index of [
      'users_username_prefix',
      'users_full_name_prefix',
      'idx_users_email_lower',
      'api_keys_name_prefix',
      'api_keys_alias_prefix',
      'users_contains',
      'teams_contains',
      'models_contains',
      'api_keys_contains',
      'idx_subscriptions_user',
      'idx_subscriptions_model',
    ]) {
      expect(plan).toContain(index);
    }
  });

  it('finds a pasted key by the index on hashes alone', async () => {
    expect(await planOf('sk-0123456789abcdef')).toContain('idx_api_keys_hash');
  });
});
