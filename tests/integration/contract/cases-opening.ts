import { expect } from 'vitest';
import {
  type Cases,
  client,
  connectSql,
  fillDatabase,
  known,
  nextMonthsPartition,
  sql,
  startRecording,
} from './contract-world';

/** The console, the local database, the demo. */
export const openingCases: Cases = {
  'app.info': async () => {
    expect(await client.ask('app', 'info', {})).toMatchObject({
      version: 'contract-test',
      host: 'browser',
      dataFolder: client.dataFolder,
    });
  },
  'app.watch': async () => {
    expect(await client.ask('app', 'watch', { sinceRevision: -1 })).toMatchObject({
      workspace: null,
      jobs: [],
    });
  },
  'app.cancelJob': async () => {
    expect(await client.ask('app', 'cancelJob', { jobId: 'nobody' })).toEqual({ found: false });
  },
  'workspace.list': async () => {
    const { profiles, local, profilesSetAside } = await client.ask('workspace', 'list', {});
    expect({ profiles, state: local.state, profilesSetAside }).toEqual({
      profiles: [],
      state: 'absent',
      profilesSetAside: null,
    });
  },
  'workspace.setUpLocal': async () => {
    const { workspaceId } = await client.ask('workspace', 'setUpLocal', { demo: false });
    known['local'] = workspaceId;
    const { workspace } = await client.ask('app', 'watch', { sinceRevision: -1 });
    expect(workspace).toMatchObject({
      id: workspaceId,
      kind: 'local',
      schema: 'current',
      demo: false,
      litellmLinked: false,
    });
  },
  'database.revealConnection': async () => {
    const { secret } = await client.ask('database', 'revealConnection', {});
    await connectSql(secret);
    const { rows } = await sql.query(`SELECT action FROM audit_logs`);
    expect(rows).toEqual([{ action: 'DATABASE_REVEAL_CONNECTION' }]);
  },
  'database.status': async () => {
    const { rows } = await sql.query<{ version: string }>(
      `SELECT current_setting('server_version') AS version`,
    );
    const status = await client.ask('database', 'status', {});
    expect(status).toMatchObject({
      serverVersion: rows[0]?.version,
      database: 'litemaas',
      user: 'litemaas',
      encoding: 'UTF8',
      locale: 'C.UTF-8',
    });
    expect(status.connectionString).toBe(`postgresql://litemaas@127.0.0.1:${String(status.port)}/litemaas`);
  },
  'database.migrations': async () => {
    const { migrations, preflight } = await client.ask('database', 'migrations', {});
    const { rows } = await sql.query<{ count: number }>(
      `SELECT (SELECT count(*) FROM drizzle.__drizzle_migrations)::int
         + (SELECT count(*) FROM litemaas_console.routines)::int AS count`,
    );
    expect(migrations).toHaveLength(rows[0]?.count ?? -1);
    expect(new Set(migrations.map(({ state }) => state))).toEqual(new Set(['applied']));
    expect(preflight.filter(({ ok }) => !ok)).toEqual([]);
  },
  'database.migrate': async () => {
    expect(await client.ask('database', 'migrate', {})).toEqual({ applied: [] });
    await startRecording();
  },
  'database.partitions': async () => {
    const month = new Date().toISOString().slice(0, 7).replace('-', '_');
    const { partitions, missingMonths, rowsInDefault } = await client.ask('database', 'partitions', {});
    expect(partitions.map(({ name }) => name)).toContain(`usage_logs_${month}`);
    expect({ count: partitions.length, missingMonths, rowsInDefault }).toEqual({
      count: 41,
      missingMonths: [],
      rowsInDefault: '0',
    });
  },
  'database.createPartitions': async () => {
    const name = nextMonthsPartition();
    await sql.query(`DROP TABLE ${name}`);
    expect(await client.ask('database', 'createPartitions', {})).toEqual({ created: [name] });
  },
  'database.roleSql': async () => {
    const wish = { role: 'reader', name: 'Who "reads"' } as const;
    const { statements, ...facts } = await client.ask('database', 'roleSql', wish);
    const { database = '' } = sql;
    expect(facts).toEqual({ database, exists: false });
    expect(statements).toContain('CREATE ROLE "Who ""reads""" LOGIN;');
    expect(statements).toContain(`GRANT CONNECT ON DATABASE "${database}" TO "Who ""reads""";`);
    for (const name of ['public', 'none', 'pg_reader', ' x', 'x'.repeat(64), 'a\nb']) {
      const asked = client.ask('database', 'roleSql', { role: 'reader', name });
      await expect(asked, name).rejects.toMatchObject({ code: 'validation' });
    }
  },
  'database.exportRoleSql': async () => {
    const wish = { role: 'administrator', name: 'operator_on_call' } as const;
    const { statements } = await client.ask('database', 'roleSql', wish);
    expect(await client.download('database', 'exportRoleSql', wish)).toBe(statements);
  },
  'database.serverLog': async () => {
    const { lines } = await client.ask('database', 'serverLog', { lines: 500 });
    expect(lines.join('\n')).toContain('database system is ready to accept connections');
  },
  'demo.status': async () => {
    expect(await client.ask('demo', 'status', {})).toEqual({
      loaded: false,
      loadedAt: null,
      canLoad: true,
      reason: null,
    });
  },
  'demo.load': async () => {
    expect(await client.ask('demo', 'load', {})).toEqual({
      users: 40,
      teams: 6,
      subscriptions: 60,
      apiKeys: 80,
      requests: 28_185,
    });
    const { rows } = await sql.query<{ count: number }>('SELECT count(*)::int AS count FROM usage_logs');
    expect(rows[0]?.count).toBe(28_185);
  },
  'demo.remove': async () => {
    expect((await client.ask('demo', 'remove', {})).removedRows).toBeGreaterThan(28_185);
    await fillDatabase();
  },
};
