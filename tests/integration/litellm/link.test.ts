import { afterEach, describe, expect, it } from 'vitest';
import { contract } from '../../../src/shared/contract';
import { createHarness, type Harness, type HarnessOptions } from './harness';
import { keyRow, seedDemoState, userRow } from '../../support/litellm';

const open: Harness[] = [];

async function harness(options?: HarnessOptions): Promise<Harness> {
  const created = await createHarness(options);
  open.push(created);
  return created;
}

afterEach(async () => {
  for (const created of open.splice(0)) await created.close();
});

const call = ({ workspace }: Harness) => ({
  workspace,
  signal: new AbortController().signal,
  report: () => undefined,
});

const smallState = () => seedDemoState({ now: new Date(), traceRows: 10 });

describe('sync.test', () => {
  it('tells who the proxy is and what the key may do, and stores nothing', async () => {
    const h = await harness({ simulator: { state: smallState() } });
    const names = new Set(h.simulator.state.models.map((model) => model.model_name));
    const report = await h.handlers.test(
      { baseUrl: h.simulator.url, apiKey: h.simulator.masterKey },
      call(h),
    );
    expect(contract.sync.test.output.parse(report)).toMatchObject({
      version: '1.81.0',
      databaseConnected: true,
      models: names.size,
      canWrite: true,
      warnings: [{ kind: 'vulnerable_release' }],
    });
    expect(await h.rows(`SELECT FROM litemaas_console.settings WHERE key = 'litellm_link'`)).toHaveLength(0);
    expect(h.secrets.size).toBe(0);
    h.simulator.recorder.assertNoWrites();
    h.simulator.recorder.assertNoViolations();
  });

  it('tells a viewer from an admin without writing', async () => {
    const state = smallState();
    state.users.set('viewer', userRow({ user_id: 'viewer', user_role: 'proxy_admin_viewer' }));
    state.users.set('admin', userRow({ user_id: 'admin', user_role: 'proxy_admin' }));
    for (const id of ['viewer', 'admin']) {
      const row = keyRow(`sk-key-of-${id}`, { user_id: id });
      state.keys.set(row.token, row);
    }
    const h = await harness({ simulator: { state, version: '1.83.10' } });
    const test = (apiKey: string) => h.handlers.test({ baseUrl: h.simulator.url, apiKey }, call(h));
    expect(await test('sk-key-of-viewer')).toMatchObject({
      canWrite: false,
      warnings: [{ kind: 'read_only_key' }],
    });
    expect(await test('sk-key-of-admin')).toMatchObject({ canWrite: true, warnings: [] });
  });

  it.each([
    ['1.82.7', 'malicious_release'],
    ['1.82.8', 'malicious_release'],
    ['1.101.0', 'untested_release'],
  ])('warns of %s', async (reportedVersion, kind) => {
    const h = await harness({ simulator: { reportedVersion } });
    const report = await h.handlers.test(
      { baseUrl: h.simulator.url, apiKey: h.simulator.masterKey },
      call(h),
    );
    expect(report.warnings.map((warning) => warning.kind)).toEqual([kind]);
  });

  it('says when the proxy has no database', async () => {
    const h = await harness({ simulator: { version: '1.83.10', switches: { databaseConnected: false } } });
    const report = await h.handlers.test(
      { baseUrl: h.simulator.url, apiKey: h.simulator.masterKey },
      call(h),
    );
    expect(report).toMatchObject({
      databaseConnected: false,
      canWrite: false,
      warnings: [{ kind: 'no_database' }],
    });
  });

  it('works where the proxy hides its version, has a root path and renamed the key header', async () => {
    const h = await harness({
      simulator: {
        rootPath: '/litellm',
        keyHeaderName: 'X-Gateway',
        switches: { hideReadinessDetails: true },
      },
    });
    const input = { baseUrl: `${h.simulator.url}/`, apiKey: h.simulator.masterKey, headerName: 'X-Gateway' };
    expect(await h.handlers.test(input, call(h))).toMatchObject({ version: null, databaseConnected: true });
  });

  it('tells a wrong key from a wrong address', async () => {
    const h = await harness();
    const wrongKey = h.handlers.test({ baseUrl: h.simulator.url, apiKey: 'sk-wrong-key-value' }, call(h));
    await expect(wrongKey).rejects.toMatchObject({ code: 'litellm_auth' });
    await expect(wrongKey).rejects.not.toMatchObject({
      message: expect.stringContaining('wrong-key-value') as string,
    });
    const nobody = h.handlers.test({ baseUrl: 'http://127.0.0.1:9', apiKey: 'sk-any' }, call(h));
    await expect(nobody).rejects.toMatchObject({ code: 'litellm_unreachable' });
  });
});

describe('sync.link', () => {
  it('keeps the address in the database, the key as a secret of that origin, and writes one audit row', async () => {
    const h = await harness();
    await h.link();
    const status = contract.sync.status.output.parse(await h.handlers.status({}, call(h)));
    expect(status.link).toMatchObject({
      baseUrl: h.simulator.url,
      headerName: 'Authorization',
      hasKey: true,
    });
    expect([...h.secrets]).toEqual([
      [
        expect.stringContaining(JSON.stringify({ kind: 'proxy', origin: h.simulator.url })),
        h.simulator.masterKey,
      ],
    ]);
    const audit = await h.rows<{ action: string; text: string }>(
      'SELECT action, a::text AS text FROM audit_logs a',
    );
    expect(audit.map((row) => row.action)).toEqual(['LITELLM_LINK']);
    expect(audit[0]?.text).not.toContain(h.simulator.masterKey);
    expect(audit[0]?.text).toContain(h.simulator.url);
  });

  it('links nothing when the proxy refuses the key', async () => {
    const h = await harness();
    await expect(h.link('sk-wrong')).rejects.toMatchObject({ code: 'litellm_auth' });
    expect((await h.handlers.status({}, call(h))).link).toBeNull();
    expect(h.secrets.size).toBe(0);
    expect(await h.rows('SELECT FROM audit_logs')).toHaveLength(0);
  });

  it('asks for the key again where it is not on this machine, and for another address', async () => {
    const h = await harness();
    await h.link();
    h.secrets.clear();
    await expect(h.pull()).rejects.toMatchObject({ code: 'litellm_auth' });
    expect((await h.handlers.status({}, call(h))).link).toMatchObject({ hasKey: false });
    const elsewhere = h.handlers.test({ baseUrl: 'http://127.0.0.1:9' }, call(h));
    await expect(elsewhere).rejects.toMatchObject({ code: 'validation' });
  });

  it('unlinks with an audit row and forgets the key', async () => {
    const h = await harness();
    await h.link();
    await h.handlers.unlink({}, call(h));
    expect((await h.handlers.status({}, call(h))).link).toBeNull();
    expect(h.secrets.size).toBe(0);
    const actions = await h.rows<{ action: string }>('SELECT action FROM audit_logs ORDER BY created_at');
    expect(actions.map((row) => row.action)).toEqual(['LITELLM_LINK', 'LITELLM_UNLINK']);
    const link = { baseUrl: h.simulator.url, headerName: 'Authorization' };
    const journal = await h.rows<{ text: string }>(
      `SELECT c.action, c.record_id, c.before, c.after, c::text AS text FROM litemaas_console.changes c
       JOIN audit_logs a ON a.metadata ->> 'batchId' = c.batch_id::text AND a.xmin = c.xmin ORDER BY c.id`,
    );
    expect(journal).toMatchObject([
      { action: 'LITELLM_LINK', record_id: h.simulator.url, before: null, after: link },
      { action: 'LITELLM_UNLINK', record_id: h.simulator.url, before: link, after: null },
    ]);
    expect(journal.map(({ text }) => text).join()).not.toContain(h.simulator.masterKey);
    await expect(h.pull()).rejects.toMatchObject({ code: 'not_found' });
  });
});
