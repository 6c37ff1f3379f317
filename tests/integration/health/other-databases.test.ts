import { expect, it, onTestFinished } from 'vitest';
import type { HealthGroup } from '../../../src/shared/contract/health';
import { createLitellmSchema, createLitemaasSchema } from '../../support/other-schemas';
import { describeOnEachPostgres } from '../../support/postgres';
import { type HealthCalls, openHealthCalls } from './health-calls';

const generic: readonly HealthGroup[] = ['indexes', 'capacity', 'tables', 'sessions'];
const ours: readonly HealthGroup[] = ['schema', 'partitions'];

describeOnEachPostgres('health of a database that is not ours', (major) => {
  async function open(): Promise<HealthCalls> {
    const calls = await openHealthCalls({ major, migrated: false });
    onTestFinished(() => calls.close());
    return calls;
  }

  it('runs what works anywhere, offers no repair, and says what does not apply', async () => {
    const calls = await open();
    await createLitemaasSchema(calls.client, '0.3.1', { upgradedInPlace: true });
    await createLitellmSchema(calls.client);
    await calls.client.query(`
      CREATE TABLE "Loose" (id int);
      ALTER TABLE users ADD CONSTRAINT rule CHECK (username <> '') NOT VALID;
      INSERT INTO users (username, email, oauth_provider, oauth_id, tpm_limit)
      SELECT 'u' || n, 'u' || n, 'x', n, 2147483647 FROM generate_series(1, 300) n;
      ANALYZE users`);
    await calls.asAdmin(
      `UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'public.users_pkey'::regclass`,
    );
    expect(await calls.ids('indexes')).toEqual(['index:public.users_pkey', 'constraint:public.users.rule']);
    expect(await calls.ids('tables')).toEqual(['tables:key:public."Loose"']);
    expect(await calls.ids('capacity')).toEqual([]);
    for (const group of generic) {
      const { applies, findings } = await calls.check(group);
      expect(applies).toBe(true);
      expect(findings.every(({ repair }) => repair === null)).toBe(true);
    }
    for (const group of ours) {
      const { applies, notes, findings } = await calls.check(group);
      expect({ applies, findings }).toEqual({ applies: false, findings: [] });
      expect(notes[0]).toContain('does not have the console’s own schema');
    }
  });

  it('is answered for an empty one', async () => {
    const calls = await open();
    for (const group of generic) expect((await calls.check(group)).findings).toEqual([]);
    for (const group of ours) expect((await calls.check(group)).notes[0]).toContain('is empty');
  });

  it('does not stumble over a search path that stands in for the catalogue', async () => {
    const calls = await open();
    await calls.client.query(`
      CREATE SCHEMA trap;
      CREATE TABLE trap.pg_index (indexrelid oid);
      CREATE TABLE trap.pg_class (oid oid);
      ALTER DATABASE ${calls.workspace.database.config.database ?? ''} SET search_path = trap, pg_catalog`);
    expect(await calls.ids('tables')).toEqual(['tables:key:trap.pg_class', 'tables:key:trap.pg_index']);
    for (const group of generic) expect((await calls.check(group)).applies).toBe(true);
  });

  it('says how many there are when there are more findings than it names', async () => {
    const calls = await open();
    await calls.client.query(
      `DO $$ BEGIN FOR n IN 1..230 LOOP EXECUTE format('CREATE TABLE heap_%s (id int)', n); END LOOP; END $$`,
    );
    const { findings, total } = await calls.check('tables');
    expect([findings.length, total]).toEqual([200, 230]);
  });
});
