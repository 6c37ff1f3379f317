import type pg from 'pg';
import { openDatabase } from '../src/main/postgres/database';
import { searchHandlers } from '../src/main/search';
import type { OpenWorkspace } from '../src/main/workspace/open-workspace';
import { clusterOfRun } from '../tests/support/postgres-cluster';
import { createDatabase } from '../tests/support/postgres-databases';
import { openTestSession } from '../tests/support/test-session';
import { millisecondsOf, print, quantile } from './measure';

const records = 100_000;
const repeats = 30;
const limitMs = 100;

/** One answer of the command palette, measured in main around the handler: 100,000 records of each of five kinds. */
export async function palette(runFolder: string): Promise<void> {
  const cluster = await clusterOfRun(runFolder, 18);
  const database = await createDatabase(cluster, 'bench_palette');
  await fill(database.adminConfig);
  const opened = openDatabase({ config: database.config, readOnly: true });
  // Only what the handler looks at.
  const workspace = { database: opened, reportingTimeZone: 'UTC' } as OpenWorkspace;
  const call = { signal: new AbortController().signal, report: () => undefined, workspace };
  const some = (round: number): string => String((round * 2477) % records).padStart(6, '0');
  const measure = async (name: string, text: (round: number) => string): Promise<void> => {
    const times: number[] = [];
    for (let round = 0; round < repeats + 3; round += 1) {
      const search = text(round);
      const milliseconds = await millisecondsOf(() => searchHandlers.everything({ search }, call));
      if (round >= 3) times.push(milliseconds);
    }
    print(`palette: ${name} (p95 of ${String(repeats)})`, quantile(times, 0.95), 'ms', limitMs);
  };

  try {
    await measure('one character that most begin with', () => 'p');
    await measure('two characters', () => 'pe');
    await measure('two characters that nothing begins with', () => 'qq');
    await measure('a whole user name', (round) => `person${some(round)}`);
    await measure('the beginning of few', (round) => `person${some(round).slice(0, 5)}`);
    await measure('the beginning of all', () => 'person');
    await measure('contained in few', (round) => `son${some(round).slice(0, 5)}`);
    await measure('contained in all', () => 'erso');
    await measure('contained in every kind', (round) => some(round).slice(0, 4));
    await measure('contained in none', () => 'zzqzz');
    await measure('the beginning of a key', (round) => `sk-${some(round).slice(0, 4)}`);
    await measure('a pasted key', (round) => `sk-value-${some(round)}`);
  } finally {
    await opened.close();
    await database.drop();
  }
}

async function fill(config: pg.ClientConfig): Promise<void> {
  const client = await openTestSession(config);
  const numbers = `FROM (SELECT n, lpad(n::text, 6, '0') AS digits FROM generate_series(0, ${String(records - 1)}) AS n) AS numbers`;
  const uuid = `('00000000-0000-4000-8000-' || lpad(to_hex(n), 12, '0'))::uuid`;
  await client.query(`
    INSERT INTO users (id, username, email, full_name, oauth_provider, oauth_id)
    SELECT ${uuid}, 'person' || digits, 'person' || digits || '@bench.invalid', 'Person ' || md5(n::text), 'bench', n::text
    ${numbers}`);
  await client.query(`
    INSERT INTO teams (name, alias) SELECT 'Team ' || digits, 'crew-' || md5(n::text) ${numbers}`);
  await client.query(`
    INSERT INTO models (id, name, provider) SELECT 'model-' || digits, 'Model ' || digits, 'provider ' || n % 10 ${numbers}`);
  await client.query(`
    INSERT INTO subscriptions (user_id, model_id, status) SELECT ${uuid}, 'model-' || digits, 'active' ${numbers}`);
  await client.query(`
    INSERT INTO api_keys (user_id, name, key_hash, key_prefix)
    SELECT ${uuid}, 'key-' || digits, encode(sha256(('sk-value-' || digits)::bytea), 'hex'), 'sk-' || left(digits, 4)
    ${numbers}`);
  await client.query('VACUUM ANALYZE');
  await client.end();
}
