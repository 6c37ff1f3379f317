import { afterEach, describe, expect, it } from 'vitest';
import { contract } from '../../../src/shared/contract';
import { demoCredentials, type VersionName } from '../../support/litellm';
import { describeOnEachPostgres } from '../../support/postgres';
import {
  call,
  count,
  demoHarness,
  type DemoOptions,
  figures,
  keysWithOwner,
  memberships,
} from './demo-harness';
import { fingerprint, type Harness } from './harness';
import { chartTotals, remoteTotals, storedTotals } from './harness-totals';

const open: Harness[] = [];

afterEach(async () => {
  for (const harness of open.splice(0)) await harness.close();
});

async function opened(options: DemoOptions = {}): Promise<Harness> {
  const harness = await demoHarness(options);
  open.push(harness);
  return harness;
}

describeOnEachPostgres('pulling a busy proxy', (major) => {
  it('brings over every object and every request, counted in the proxy', async () => {
    const h = await opened({ major });
    const { state } = h.simulator;
    const run = await h.pull();
    expect(run).toMatchObject({ state: 'succeeded', error: null });
    expect(run.entities.map((row) => row.state)).toEqual(run.entities.map(() => 'done'));

    const people = [...state.users.keys()].filter((id) => id !== 'default_user_id');
    expect(await count(h, 'users')).toBe(people.length);
    expect(await count(h, 'models')).toBe(new Set(state.models.map((model) => model.model_name)).size);
    // One more: the Default Team.
    expect(await count(h, 'teams')).toBe(state.teams.size + 1);
    expect(await count(h, 'api_keys')).toBe(keysWithOwner(state).length);
    const members = memberships(state).filter((member) => member.known);
    expect(await count(h, 'team_members')).toBe(members.length + people.length);

    expect(await storedTotals(h)).toEqual(remoteTotals(state));
    expect(await chartTotals(h)).toEqual(remoteTotals(state));
    expect(figures(run, 'spend')).toMatchObject({ read: state.spend.length });
    h.simulator.recorder.assertNoViolations();
    h.simulator.recorder.assertNoWrites();
    expect(h.simulator.recorder.maximumParallel).toBeLessThanOrEqual(4);
  });
});

describe('pulling a busy proxy', () => {
  it('writes nothing at all the second time', async () => {
    const h = await opened({ traceRows: 500 });
    await h.pull();
    const before = await fingerprint(h);
    const second = await h.pull();
    expect(await fingerprint(h)).toEqual(before);
    expect(second.state).toBe('succeeded');
    for (const row of second.entities) expect(row).toMatchObject({ state: 'done', created: 0, updated: 0 });
    expect(figures(second, 'keys')?.unchanged).toBe(keysWithOwner(h.simulator.state).length);
  });

  it.each<VersionName>(['1.74', '1.83.10', '1.93', '1.100'])(
    'gives the same totals from release %s',
    async (version) => {
      const h = await opened({ version });
      const run = await h.pull();
      expect(run.state).toBe('succeeded');
      expect(await storedTotals(h)).toEqual(remoteTotals(h.simulator.state));
      const before = await fingerprint(h);
      await h.pull();
      expect(await fingerprint(h)).toEqual(before);
      h.simulator.recorder.assertNoViolations();
    },
  );

  it('pulls the same with a key that may only read', async () => {
    const h = await opened({ traceRows: 200 });
    await h.link(demoCredentials.viewer);
    const run = await h.pull();
    expect(run.state).toBe('succeeded');
    expect(await count(h, 'teams')).toBe(h.simulator.state.teams.size + 1);
    expect(await count(h, 'api_keys')).toBe(keysWithOwner(h.simulator.state).length);
    expect(h.simulator.recorder.to('/team/list')).toHaveLength(1);
    h.simulator.recorder.assertNoViolations();
  });

  it('shows progress under stable titles and what the run did afterwards', async () => {
    const h = await opened({ traceRows: 300 });
    const run = await h.pull();
    expect([...new Set(h.progress.map((step) => step.title))]).toEqual([
      'Connect to LiteLLM',
      'Pull models',
      'Pull teams',
      'Pull users',
      'Pull team members',
      'Pull keys',
      'Pull spend',
    ]);
    const status = contract.sync.status.output.parse(await h.handlers.status({}, call(h)));
    expect(status).toMatchObject({ resumable: false, spendUpTo: '2026-11-22T12:00:00.000000Z' });
    expect(status.lastRun).toEqual(run);
    const history = contract.sync.history.output.parse(
      await h.handlers.history({ page: 0, pageSize: 25, search: '', filters: {} }, call(h)),
    );
    expect(history.rows).toEqual([run]);
  });

  it('tells everybody which step it is at before the step has stored anything', async () => {
    const h = await opened({ traceRows: 300 });
    const seen: Promise<string | undefined>[] = [];
    const details: string[] = [];
    await h.pull({
      onProgress: ({ title, detail }) => {
        if (title !== 'Pull spend' || detail === undefined) return;
        details.push(detail);
        const status = h.handlers.status({}, call(h));
        seen.push(
          Promise.resolve(status).then(
            ({ lastRun }) => lastRun?.entities.find(({ entity }) => entity === 'spend')?.state,
          ),
        );
      },
    });
    expect(await seen[0]).toBe('running');
    expect(details[0]).toMatch(/^2026-\d\d-\d\d \d\d:\d\d UTC, \d+ requests?$/);
    await Promise.all(seen);
  });

  it('lets PostgreSQL estimate the tables anew where many rows changed', async () => {
    const h = await opened({ traceRows: 1_500 });
    await h.pull();
    const [analysed] = await h.rows<{ rows: number }>(
      `SELECT sum(reltuples)::int AS rows FROM pg_class WHERE relname IN ('users', 'usage_logs')`,
    );
    expect(analysed?.rows).toBe((await count(h, 'users')) + (await count(h, 'usage_logs')));
  });

  it('keeps no key and no credential anywhere', async () => {
    const h = await opened({ traceRows: 300 });
    await h.pull();
    const tables = await h.rows<{ name: string }>(`
      SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
      WHERE schemaname IN ('public', 'litemaas_console', 'drizzle')`);
    const secrets = [h.simulator.masterKey, ...Object.values(demoCredentials)];
    for (const { name } of tables) {
      const [row] = await h.rows<{ text: string | null }>(
        `SELECT string_agg(t::text, E'\\n') AS text FROM ${name} t`,
      );
      for (const secret of secrets) expect(row?.text ?? '').not.toContain(secret);
      // LiteLLM's short form (`sk-...abcd`) is all there is of a key.
      expect(row?.text ?? '').not.toMatch(/sk-(?!\.\.\.)[A-Za-z0-9]/);
    }
    expect(await count(h, 'api_keys WHERE lite_llm_key_value IS NOT NULL')).toBe(0);
    expect(JSON.stringify(h.progress)).not.toContain(h.simulator.masterKey);
  });
});
