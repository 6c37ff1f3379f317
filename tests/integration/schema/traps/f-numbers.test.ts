import { sql } from 'drizzle-orm';
import * as z from 'zod';
import type pg from 'pg';
import { expect, it } from 'vitest';
import { mapModel } from '../../../../src/main/litellm/models/map-model';
import { openDatabase } from '../../../../src/main/postgres/database';
import { insertModel, insertTeam } from '../../../support/builders';
import { describeTraps, one, outcomeOf, valueOf } from './describe-traps';
import { subscribe, use } from './trap-data';

describeTraps('numbers', (traps) => {
  it('F1: a thousand requests of $0.004 cost $4', async () => {
    const spend = async (client: pg.Client): Promise<unknown[]> => {
      const { subscriptionId } = await subscribe(client);
      await client.query(`DO $$BEGIN FOR request IN 1..1000 LOOP
        UPDATE subscriptions SET current_spend = current_spend + 0.004; END LOOP; END$$`);
      return [
        await valueOf(client, 'SELECT current_spend FROM subscriptions WHERE id = $1', [subscriptionId]),
        await outcomeOf(client, 'UPDATE subscriptions SET max_budget = 2147483647'),
      ];
    };
    expect(await spend(traps.document)).toEqual(['0.00', '22003']);
    expect(await spend(traps.ours)).toEqual(['4.000000000000', 'succeeded']);
  });

  it('F2: the cost of a request keeps its millionths of a cent', async () => {
    const costs = async (client: pg.Client): Promise<unknown> => {
      await use(client, await subscribe(client), { input_cost: '0.0000015', output_cost: '0.0000004' });
      return one(client, 'SELECT input_cost, output_cost, total_cost FROM usage_logs');
    };
    expect(await costs(traps.document)).toEqual({
      input_cost: '0.000002',
      output_cost: '0.000000',
      total_cost: '0.000002',
    });
    expect(await costs(traps.ours)).toEqual({
      input_cost: '0.000001500000',
      output_cost: '0.000000400000',
      total_cost: '0.000001900000',
    });
  });

  it('F3: a price per token becomes the price per thousand exactly, however small or large', async () => {
    const perThousand = (perToken: string): string | null => {
      const deployment = {
        model_name: 'm',
        litellm_params: {},
        model_info: { id: 'deployment', input_cost_per_token: perToken },
      } as unknown as Parameters<typeof mapModel>[1][number];
      const { mapped } = mapModel('m', [deployment], undefined);
      return mapped.home ? (mapped.fields['input_price_per_1k'] as string | null) : null;
    };
    const store = async (client: pg.Client, price: string | null): Promise<unknown> => {
      const { id } = await insertModel(client);
      const set = 'UPDATE models SET input_price_per_1k = $1 WHERE id = $2';
      const outcome = await outcomeOf(client, set, [price, id]);
      if (outcome !== 'succeeded') return outcome;
      return valueOf(client, 'SELECT input_price_per_1k FROM models WHERE id = $1', [id]);
    };
    // What multiplying as JavaScript does would store.
    expect(1e-7 * 1000).not.toBe(0.0001);
    expect(perThousand('1e-7')).toBe('0.0001');
    for (const [perToken, documents, exact] of [
      ['1e-7', '0.000100', '0.000100000000'],
      ['0.0000000004', '0.000000', '0.000000400000'],
      ['12', '22003', '12000.000000000000'],
    ] as const) {
      const price = perThousand(perToken);
      expect(await store(traps.document, price)).toBe(documents);
      expect(await store(traps.ours, price)).toBe(exact);
    }
    await traps.ours
      .query(`INSERT INTO litemaas_console.model_prices (model_id, valid_from, input_price_per_token, source)
      VALUES ('m', now(), 0.00000000000000123, 'test')`);
    const kept = 'SELECT input_price_per_token FROM litemaas_console.model_prices';
    expect(await valueOf(traps.ours, kept)).toBe('0.00000000000000123');
  });

  it('F4: a request always has a total cost', async () => {
    const inDocument = await subscribe(traps.document);
    await use(traps.document, inDocument, { input_cost: null, output_cost: '0.5' });
    expect(await valueOf(traps.document, 'SELECT total_cost FROM usage_logs')).toBe(null);

    const { ours } = traps;
    const { subscriptionId, modelId } = await subscribe(ours);
    const log = `INSERT INTO usage_logs (subscription_id, model_id, request_tokens, response_tokens, input_cost, created_at)
      VALUES ($1, $2, 1, 1, NULL, '2024-01-10T10:05:00Z')`;
    expect(await outcomeOf(ours, log, [subscriptionId, modelId])).toBe('23502');
    await use(ours, { subscriptionId, modelId, userId: '' }, { output_cost: '0.5' });
    expect(await valueOf(ours, 'SELECT total_cost FROM usage_logs')).toBe('0.500000000000');
  });

  it('F5: two thousand million tokens each way add up', async () => {
    const tokens = `INSERT INTO usage_logs (subscription_id, model_id, request_tokens, response_tokens, created_at)
      VALUES ($1, $2, 2000000000, 2000000000, '2024-01-10T10:05:00Z')`;
    const inDocument = await subscribe(traps.document);
    expect(await outcomeOf(traps.document, tokens, [inDocument.subscriptionId, inDocument.modelId])).toBe(
      '22003',
    );

    const { subscriptionId, modelId } = await subscribe(traps.ours, { quota_tokens: null });
    expect(await outcomeOf(traps.ours, tokens, [subscriptionId, modelId])).toBe('succeeded');
    expect(await valueOf(traps.ours, 'SELECT total_tokens FROM usage_logs')).toBe('4000000000');
    expect(await valueOf(traps.ours, 'SELECT used_tokens FROM subscriptions')).toBe('4000000000');
  });

  it('F6: a list bound to a JSONB column is refused rather than stored as an object, and values are read exactly', async () => {
    const { document, ours } = traps;
    const bind = 'UPDATE teams SET allowed_models = $1 WHERE id = $2';
    const inDocument = await insertTeam(document);
    expect(await outcomeOf(document, bind, [['a'], inDocument.id])).toBe('22P02');
    expect(await outcomeOf(document, bind, [[], inDocument.id])).toBe('succeeded');
    expect(
      await valueOf(document, 'SELECT allowed_models FROM teams WHERE id = $1', [inDocument.id]),
    ).toEqual({});

    const team = await insertTeam(ours);
    expect(await outcomeOf(ours, bind, [[], team.id])).toBe('23514');
    expect(await valueOf(ours, 'SELECT allowed_models FROM teams WHERE id = $1', [team.id])).toEqual([]);

    const values = `SELECT '2024-01-10T10:05:00.123456Z'::timestamptz AS instant, '2024-01-10'::date AS day,
      9007199254740993::bigint AS count, 0.1000::numeric AS cost`;
    const plain = await one(document, values);
    expect((plain?.['instant'] as Date).toISOString()).toBe('2024-01-10T10:05:00.123Z');
    expect(plain?.['day']).toBeInstanceOf(Date);
    const database = openDatabase({ config: traps.ourDatabase.config, readOnly: true });
    try {
      const rows = await database.read(new AbortController().signal, ({ select }) =>
        select(z.looseObject({}), sql.raw(values)),
      );
      expect(rows).toEqual([
        {
          instant: '2024-01-10T10:05:00.123456Z',
          day: '2024-01-10',
          count: '9007199254740993',
          cost: '0.1000',
        },
      ]);
    } finally {
      await database.close();
    }
  });
});
