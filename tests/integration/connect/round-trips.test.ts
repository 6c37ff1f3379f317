import { sql } from 'drizzle-orm';
import { expect, it, onTestFinished } from 'vitest';
import * as z from 'zod';
import { openDatabase } from '../../../src/main/postgres/database';
import { createTestDatabase } from '../../support/postgres';
import { startMessageLog } from '../../support/faults/message-log';

const { signal } = new AbortController();
const one = z.strictObject({ one: z.number() });

it('verifies the settings of a session without a round trip of its own', async () => {
  const test = await createTestDatabase({ migrated: false });
  const { host = '', port = 0 } = test.config;
  const log = await startMessageLog({ host, port });
  const database = openDatabase({
    config: { ...test.config, host: '127.0.0.1', port: log.port },
    readOnly: false,
  });
  onTestFinished(async () => {
    await database.close();
    await log.close();
    await test.drop();
  });
  const read = (): Promise<unknown> =>
    database.read(signal, ({ select }) => select(one, sql`SELECT 1 AS one`));
  const verified = (begin: string): unknown =>
    expect.stringMatching(
      new RegExp(`^${begin}(?!.*later_settings).*current_setting.*set_config.*search_path`, 's'),
    );

  await read();
  expect(log.roundTrips.splice(0)).toEqual([
    '',
    expect.stringMatching(/later_settings/),
    'SELECT 1 AS one',
    'COMMIT',
  ]);
  await read();
  expect(log.roundTrips.splice(0)).toEqual([verified('BEGIN'), 'SELECT 1 AS one', 'COMMIT']);
  await database.write(signal, ({ run }) => run(sql`CREATE TABLE public.made (id int)`));
  expect(log.roundTrips.splice(0)).toEqual([
    verified('BEGIN'),
    'CREATE TABLE public.made (id int)',
    'COMMIT',
  ]);
});
