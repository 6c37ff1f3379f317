import type pg from 'pg';
import { expect, it } from 'vitest';
import { importUsage } from '../../../../src/main/usage-log/import-usage';
import { insertApiKey } from '../../../support/builders';
import { describeTraps, one, outcomeOf, valueOf } from './describe-traps';
import { documentSql, repairedDocumentSql } from './document-schema';
import { importRow, requestTime, type Subscribed, subscribe, use } from './trap-data';

/** Whether a request at this time can be logged: an SQLSTATE or the partition it landed in. */
async function landsIn(client: pg.Client, subscribed: Subscribed, createdAt: string): Promise<unknown> {
  const outcome = await outcomeOf(
    client,
    `INSERT INTO usage_logs (subscription_id, model_id, request_tokens, response_tokens, created_at)
     VALUES ($1, $2, 1, 1, $3)`,
    [subscribed.subscriptionId, subscribed.modelId, createdAt],
  );
  return outcome === 'succeeded'
    ? valueOf(client, 'SELECT tableoid::regclass::text FROM usage_logs WHERE created_at = $1', [createdAt])
    : outcome;
}

/** The document's only statement for a partition, for another month. */
const partitionOf = (from: string, to: string): string =>
  documentSql('usage-logs-partition')
    .replace('usage_logs_2024_01', `usage_logs_${from.slice(0, 7).replace('-', '_')}`)
    .replace(`'2024-02-01'`, `'${to}'`)
    .replace(`'2024-01-01'`, `'${from}'`);

const planOf = async (client: pg.Client, query: string): Promise<string> => {
  // Small tables would be scanned although there is an index.
  await client.query('SET LOCAL enable_seqscan = off');
  const { rows } = await client.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${query}`);
  return rows.map((row) => row['QUERY PLAN']).join('\n');
};

describeTraps('partitions and imports', (traps) => {
  it("B1: months meet without gap or overlap, whatever the session's time zone", async () => {
    const { document, ours } = traps;
    const inDocument = await subscribe(document);
    await document.query(`DROP TABLE usage_logs_2024_01; SET LOCAL TimeZone = 'America/New_York'`);
    await document.query(documentSql('usage-logs-partition'));
    expect(await landsIn(document, inDocument, '2024-01-01T01:00:00Z')).toBe('23514');
    await document.query(`SET LOCAL TimeZone = 'UTC'`);
    expect(await outcomeOf(document, partitionOf('2024-02-01', '2024-03-01'))).toBe('42P17');

    const subscribed = await subscribe(ours);
    await ours.query(`SET LOCAL TimeZone = 'America/New_York'`);
    await ours.query(`SELECT litemaas_console.create_usage_partition('2031-05-01')`);
    await ours.query(`SET LOCAL TimeZone = 'UTC'`);
    await ours.query(`SELECT litemaas_console.create_usage_partition('2031-06-01')`);
    expect(await landsIn(ours, subscribed, '2031-04-30T23:59:59.999999Z')).toBe('usage_logs_default');
    expect(await landsIn(ours, subscribed, '2031-05-01T00:00:00Z')).toBe('usage_logs_2031_05');
    expect(await landsIn(ours, subscribed, '2031-05-31T23:59:59.999999Z')).toBe('usage_logs_2031_05');
    expect(await landsIn(ours, subscribed, '2031-06-01T00:00:00Z')).toBe('usage_logs_2031_06');
  });

  it('B2: a month can be created although requests of it were logged before', async () => {
    const { document, ours } = traps;
    const inDocument = await subscribe(document);
    await document.query('CREATE TABLE usage_logs_default PARTITION OF usage_logs DEFAULT');
    await use(document, inDocument, { created_at: '2031-05-06T07:08:09Z' });
    expect(await outcomeOf(document, partitionOf('2031-05-01', '2031-06-01'))).toBe('23514');

    const subscribed = await subscribe(ours);
    await use(ours, subscribed, { created_at: '2031-05-06T07:08:09Z' });
    await use(ours, subscribed, { created_at: '2031-07-06T07:08:09Z' });
    await ours.query(`SELECT litemaas_console.create_usage_partition('2031-05-01')`);
    const { rows } = await ours.query(
      'SELECT tableoid::regclass::text AS partition FROM usage_logs WHERE subscription_id = $1 ORDER BY created_at',
      [subscribed.subscriptionId],
    );
    expect(rows).toEqual([{ partition: 'usage_logs_2031_05' }, { partition: 'usage_logs_default' }]);
    // Moving a row is no usage.
    expect(
      await one(
        ours,
        `SELECT used_requests::int, (SELECT sum(requests)::int FROM litemaas_console.usage_daily d
           WHERE d.subscription_id = s.id) AS requests FROM subscriptions s WHERE id = $1`,
        [subscribed.subscriptionId],
      ),
    ).toEqual({ used_requests: 2, requests: 2 });
  });

  it('B3: a request that is imported again is not counted again', async () => {
    const { document, ours } = traps;
    const inDocument = await subscribe(document);
    await use(document, inDocument, { litellm_request_id: 'request' });
    await use(document, inDocument, { litellm_request_id: 'request' });
    expect(await valueOf(document, 'SELECT used_requests FROM subscriptions')).toBe(2);
    expect(await outcomeOf(document, 'ALTER TABLE usage_logs ADD UNIQUE (litellm_request_id)')).toBe('0A000');

    const subscribed = await subscribe(ours);
    await use(ours, subscribed, { litellm_request_id: 'request' });
    expect(
      await outcomeOf(
        ours,
        `INSERT INTO usage_logs (subscription_id, model_id, request_tokens, response_tokens, litellm_request_id, created_at)
         VALUES ($1, $2, 1, 1, 'request', $3)`,
        [subscribed.subscriptionId, subscribed.modelId, requestTime],
      ),
    ).toBe('23505');
    const again = importRow(subscribed, { requestId: 'request' });
    expect(await importUsage(ours, [again, again], { countUsage: true })).toMatchObject({ inserted: 0 });
    expect(await valueOf(ours, 'SELECT used_requests FROM subscriptions')).toBe('1');
  });

  it("B4: the requests of a key are found by an index, so that deleting a key doesn't scan the log", async () => {
    const ofKey = `SELECT FROM usage_logs WHERE api_key_id = '00000000-0000-4000-8000-000000000003'`;
    expect(await planOf(traps.document, ofKey)).toContain('Filter: (api_key_id =');

    const plan = await planOf(traps.ours, ofKey);
    expect(plan).toContain('api_key_id_created_at_idx');
    expect(plan).toContain('Index Cond: (api_key_id =');
    expect(plan).not.toContain('Filter:');

    const subscribed = await subscribe(traps.ours);
    const key = await insertApiKey(traps.ours, { user_id: subscribed.userId });
    await use(traps.ours, subscribed, { api_key_id: key.id });
    await traps.ours.query('DELETE FROM api_keys WHERE id = $1', [key.id]);
    expect(await one(traps.ours, 'SELECT api_key_id, former_api_key_id FROM usage_logs')).toEqual({
      api_key_id: null,
      former_api_key_id: key.id,
    });
  });

  it('B5: every request has a time', async () => {
    const { document, ours } = traps;
    // REPAIRED in the other way that makes the document's table possible: without its primary key. What the repair
    // by PRIMARY KEY (id, created_at) brings along is then missing.
    await document.query('DROP TABLE usage_logs CASCADE');
    await document.query(
      repairedDocumentSql('usage-logs').replace(',\n    PRIMARY KEY (id, created_at)', ''),
    );
    await document.query('CREATE TABLE usage_logs_default PARTITION OF usage_logs DEFAULT');
    await use(document, await subscribe(document), { created_at: null });
    expect(await one(document, 'SELECT created_at FROM usage_logs')).toEqual({ created_at: null });

    const { subscriptionId, modelId } = await subscribe(ours);
    await ours.query('ALTER TABLE usage_logs DROP CONSTRAINT usage_logs_pkey');
    expect(
      await outcomeOf(
        ours,
        `INSERT INTO usage_logs (subscription_id, model_id, request_tokens, response_tokens, created_at)
         VALUES ($1, $2, 1, 1, NULL)`,
        [subscriptionId, modelId],
      ),
    ).toBe('23502');
  });
});
