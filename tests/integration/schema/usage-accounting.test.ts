import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import type pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { isLong } from '../../support/long-runs';
import { createTestDatabase, describeOnEachPostgres, type TestDatabase } from '../../support/postgres';
import { openTestSession } from '../../support/test-session';
import { readDerived, recompute, type UsageFact } from './usage-oracle';

const zones = ['UTC', 'Asia/Kolkata', 'Asia/Kathmandu', 'America/New_York', 'Australia/Lord_Howe'] as const;
const runs = isLong ? 150 : 12;
const quarterMs = 900_000;

interface World {
  readonly users: string[];
  readonly teams: string[];
  readonly keys: string[];
  /** The subscriptions that exist, with whose they are. */
  readonly subscriptions: Map<string, string>;
  facts: UsageFact[];
}

type Figures = Pick<
  UsageFact,
  'requestTokens' | 'responseTokens' | 'cost' | 'latencyMs' | 'status' | 'refused'
>;

const figures: fc.Arbitrary<Figures> = fc.record({
  requestTokens: fc.nat(5000),
  responseTokens: fc.nat(3000),
  cost: fc.bigInt(0n, 5_000_000_000_000n),
  latencyMs: fc.option(fc.oneof(fc.nat(3), fc.nat(90_000), fc.nat(5_000_000))),
  status: fc.constantFrom(200, 200, 404, 500, null),
  refused: fc.constantFrom(false, false, true),
});

/** Around the ends of a month, of the year and of two daylight-saving changes; some years before any partition. */
const instant = fc
  .tuple(
    fc.constantFrom(
      '2026-02-28T12:00Z',
      '2025-12-31T12:00Z',
      '2026-03-08T06:00Z',
      '2026-04-04T14:00Z',
      '2019-06-30T20:00Z',
    ),
    fc.integer({ min: -100, max: 100 }),
    fc.nat(quarterMs - 1),
  )
  .map(([near, quarters, rest]) => Date.parse(near) + quarters * quarterMs + rest);

const request = fc.record({
  figures,
  at: instant,
  model: fc.constantFrom('m1', 'm2'),
  subscription: fc.nat(),
  key: fc.option(fc.nat()),
  team: fc.option(fc.nat()),
});
type Request = typeof request extends fc.Arbitrary<infer T> ? T : never;

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('insert' as const),
      requests: fc.array(request, { minLength: 1, maxLength: 6 }),
      counted: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('insertUnattributed' as const),
      requests: fc.array(request, { minLength: 1, maxLength: 4 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('correct' as const),
      pick: fc.nat(),
      count: fc.integer({ min: 1, max: 4 }),
      figures,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('move' as const),
      pick: fc.nat(),
      model: fc.constantFrom('m1', 'm2'),
      at: instant,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('delete' as const),
      pick: fc.nat(),
      count: fc.integer({ min: 1, max: 4 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        'deleteKey' as const,
        'deleteTeam' as const,
        'deleteSubscription' as const,
        'deleteUser' as const,
      ),
      pick: fc.nat(),
    }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

describeOnEachPostgres('usage accounting', (major) => {
  let database: TestDatabase;
  let client: pg.Client;
  let latencyBounds: number[];

  beforeAll(async () => {
    database = await createTestDatabase({ major });
    client = await openTestSession(database.config);
    const { rows } = await client.query<{ bounds: number[] }>(
      'SELECT litemaas_console.latency_bounds() AS bounds',
    );
    latencyBounds = rows[0]?.bounds ?? [];
  });
  afterAll(async () => {
    await client.end();
    await database.drop();
  });

  it('equals a recomputation after any stream of inserts, corrections, moves and deletions, and after a rebuild', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...zones),
        fc.constantFrom(...zones),
        fc.array(step, { minLength: 3, maxLength: 25 }),
        async (zone, otherZone, steps) => {
          await client.query('BEGIN');
          try {
            const world = await createWorld(client, zone);
            for (const each of steps) await perform(client, world, each);
            const expected = (inZone: string) =>
              recompute(world.facts, [...world.subscriptions.keys()], inZone, latencyBounds);
            expect(await readDerived(client)).toEqual(expected(zone));
            await client.query('SELECT litemaas_console.rebuild_usage()');
            expect(await readDerived(client)).toEqual(expected(zone));
            await client.query('SELECT litemaas_console.rebuild_usage($1)', [otherZone]);
            expect(await readDerived(client)).toEqual(expected(otherZone));
          } finally {
            await client.query('ROLLBACK');
          }
        },
      ),
      { numRuns: runs },
    );
  }, 900_000);
});

async function createWorld(client: pg.ClientBase, zone: string): Promise<World> {
  await client.query(
    `UPDATE litemaas_console.settings SET value = to_jsonb($1::text) WHERE key = 'reporting_time_zone'`,
    [zone],
  );
  const users = [randomUUID(), randomUUID(), randomUUID()];
  const teams = [randomUUID(), randomUUID()];
  const keys = [randomUUID(), randomUUID(), randomUUID()];
  const subscriptions = new Map([0, 1, 2, 3].map((index) => [randomUUID(), users[index % 3] ?? '']));
  await client.query(
    `INSERT INTO users (id, username, email, oauth_provider, oauth_id)
     SELECT id, id::text, id || '@example.com', 'test', id::text FROM unnest($1::uuid[]) id`,
    [users],
  );
  await client.query(`INSERT INTO models (id, name, provider) VALUES ('m1', 'M1', 'p'), ('m2', 'M2', 'p')`);
  await client.query(`INSERT INTO teams (id, name) SELECT id, 'team' FROM unnest($1::uuid[]) id`, [teams]);
  await client.query(
    `INSERT INTO api_keys (id, user_id, key_hash, key_prefix)
     SELECT id, $2, id::text, 'sk-test' FROM unnest($1::uuid[]) id`,
    [keys, users[0]],
  );
  await client.query(
    `INSERT INTO subscriptions (id, user_id, model_id, quota_requests, quota_tokens)
     SELECT id, user_id, 'm1', NULL, NULL FROM unnest($1::uuid[], $2::uuid[]) s (id, user_id)`,
    [[...subscriptions.keys()], [...subscriptions.values()]],
  );
  return { users, teams, keys, subscriptions, facts: [] };
}

async function perform(client: pg.ClientBase, world: World, action: Step): Promise<void> {
  switch (action.kind) {
    case 'insert':
      if (world.subscriptions.size > 0) await insert(client, world, action.requests, action.counted);
      return;
    case 'insertUnattributed':
      return insertUnattributed(client, world, action.requests);
    case 'correct':
      return correct(client, chosen(world.facts, action.pick, action.count), action.figures);
    case 'move':
      return move(client, chosen(world.facts, action.pick, 1), action);
    case 'delete': {
      const facts = chosen(world.facts, action.pick, action.count);
      await forBothTables(client, 'DELETE FROM %s WHERE id = ANY ($1::uuid[])', [facts.map(({ id }) => id)]);
      world.facts = world.facts.filter((fact) => !facts.includes(fact));
      return;
    }
    case 'deleteKey':
      await remove(client, 'api_keys', world.keys, action.pick);
      return;
    case 'deleteTeam':
      await remove(client, 'teams', world.teams, action.pick);
      return;
    case 'deleteSubscription': {
      const ids = [...world.subscriptions.keys()];
      loseSubscriptions(world, [await remove(client, 'subscriptions', ids, action.pick)]);
      return;
    }
    case 'deleteUser': {
      const user = await remove(client, 'users', world.users, action.pick);
      // The keys all belong to the first user; a deleted key leaves no trace in what was recorded.
      const { rows } = await client.query<{ id: string }>('SELECT id FROM api_keys');
      world.keys.splice(0, world.keys.length, ...rows.map(({ id }) => id));
      loseSubscriptions(
        world,
        [...world.subscriptions].filter(([, owner]) => owner === user).map(([id]) => id),
      );
    }
  }
}

function loseSubscriptions(world: World, ids: readonly (string | undefined)[]): void {
  for (const id of ids) if (id !== undefined) world.subscriptions.delete(id);
  for (const fact of world.facts) if (ids.includes(fact.subscription ?? '')) fact.logged = false;
}

async function insert(
  client: pg.ClientBase,
  world: World,
  requests: readonly Request[],
  counted: boolean,
): Promise<void> {
  const facts = requests.map((each): UsageFact => {
    const [subscription, user] = pick([...world.subscriptions], each.subscription) ?? ['', ''];
    return { ...factOf(world, each), subscription, user, counted, logged: true };
  });
  await client.query(`SELECT set_config('litemaas.count_usage', $1, true)`, [counted ? 'on' : 'off']);
  await insertFacts(client, 'usage_logs', 'subscription_id', facts, (fact) => fact.subscription);
  world.facts.push(...facts);
}

async function insertUnattributed(
  client: pg.ClientBase,
  world: World,
  requests: readonly Request[],
): Promise<void> {
  const facts = requests.map((each): UsageFact => {
    const user = each.subscription % 2 === 0 ? null : (pick(world.users, each.subscription) ?? null);
    return { ...factOf(world, each), subscription: null, user, counted: false, logged: false };
  });
  await insertFacts(
    client,
    'litemaas_console.unattributed_usage',
    'reason, user_id',
    facts,
    (fact) => fact.user,
  );
  world.facts.push(...facts);
}

function factOf(
  world: World,
  { figures: given, at, model, key, team }: Request,
): Omit<UsageFact, 'subscription' | 'user' | 'counted' | 'logged'> {
  return {
    id: randomUUID(),
    at,
    model,
    key: key === null ? null : (pick(world.keys, key) ?? null),
    team: team === null ? null : (pick(world.teams, team) ?? null),
    ...given,
  };
}

async function insertFacts(
  client: pg.ClientBase,
  table: string,
  ownerColumns: string,
  facts: readonly UsageFact[],
  owner: (fact: UsageFact) => string | null,
): Promise<void> {
  const ownerValues = ownerColumns.startsWith('reason') ? `'test', owner` : 'owner';
  await client.query(
    `INSERT INTO ${table} (id, ${ownerColumns}, api_key_id, team_id, model_id, request_tokens, response_tokens,
       input_cost, output_cost, latency_ms, status_code, refused_by_litellm, created_at)
     SELECT id, ${ownerValues}, key, team, model, request_tokens, response_tokens, cost / 3, cost - (cost / 3)::numeric(20, 12),
       latency, status, refused, at
     FROM jsonb_to_recordset($1::jsonb) AS f (id uuid, owner uuid, key uuid, team uuid, model text,
       request_tokens bigint, response_tokens bigint, cost numeric, latency int, status int, refused boolean, at timestamptz)`,
    [
      JSON.stringify(
        facts.map((fact) => ({
          id: fact.id,
          owner: owner(fact),
          key: fact.key,
          team: fact.team,
          model: fact.model,
          request_tokens: fact.requestTokens,
          response_tokens: fact.responseTokens,
          cost: decimal(fact.cost),
          latency: fact.latencyMs,
          status: fact.status,
          refused: fact.refused,
          at: new Date(fact.at).toISOString(),
        })),
      ),
    ],
  );
}

async function correct(client: pg.ClientBase, facts: readonly UsageFact[], to: Figures): Promise<void> {
  await forBothTables(
    client,
    `UPDATE %s SET request_tokens = $2, response_tokens = $3, input_cost = $4, output_cost = 0, latency_ms = $5,
       status_code = $6, refused_by_litellm = $7 WHERE id = ANY ($1::uuid[])`,
    [
      facts.map(({ id }) => id),
      to.requestTokens,
      to.responseTokens,
      decimal(to.cost),
      to.latencyMs,
      to.status,
      to.refused,
    ],
  );
  for (const fact of facts) Object.assign(fact, to);
}

async function move(
  client: pg.ClientBase,
  facts: readonly UsageFact[],
  { model, at }: { model: string; at: number },
): Promise<void> {
  await forBothTables(client, 'UPDATE %s SET model_id = $2, created_at = $3 WHERE id = ANY ($1::uuid[])', [
    facts.map(({ id }) => id),
    model,
    new Date(at).toISOString(),
  ]);
  for (const fact of facts) Object.assign(fact, { model, at });
}

async function forBothTables(client: pg.ClientBase, statement: string, parameters: unknown[]): Promise<void> {
  for (const table of ['usage_logs', 'litemaas_console.unattributed_usage']) {
    await client.query(statement.replace('%s', table), parameters);
  }
}

async function remove(
  client: pg.ClientBase,
  table: string,
  ids: string[],
  index: number,
): Promise<string | undefined> {
  const id = pick(ids, index);
  if (id === undefined) return undefined;
  await client.query(`DELETE FROM ${table} WHERE id = $1`, [id]);
  ids.splice(ids.indexOf(id), 1);
  return id;
}

function chosen(facts: readonly UsageFact[], index: number, count: number): readonly UsageFact[] {
  if (facts.length === 0) return [];
  const start = index % facts.length;
  return facts.slice(start, start + count);
}

function pick<T>(values: readonly T[], index: number): T | undefined {
  return values[index % values.length];
}

function decimal(units: bigint): string {
  const digits = units.toString().padStart(13, '0');
  return `${digits.slice(0, -12)}.${digits.slice(-12)}`;
}
