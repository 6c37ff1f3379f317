import type pg from 'pg';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { migrate } from '../../../src/main/postgres/migrate';
import type * as SessionSettings from '../../../src/main/postgres/session-settings';
import { connectionTo as fieldsOf } from '../../support/connection-fields';
import { isLong } from '../../support/long-runs';
import { type OwnServer, startOwnServer } from '../../support/own-server';
import {
  hostileSettings,
  logLength,
  plant,
  plantedHits,
  plantFunctionsOnly,
  setHostile,
  unplanted,
} from '../../support/planter';
import { isPoolerMissing, startPooler, swallowsSettings } from '../../support/pooler';
import { connectionTo, migrationsFolder } from '../../support/postgres-cluster';
import { connectAsOther, describeOnEachPostgres } from '../../support/postgres';
import { createDatabase, type TestDatabase } from '../../support/postgres-databases';
import { apiKeyCases } from '../contract/cases-api-keys';
import { connectionCases } from '../contract/cases-connections';
import { inspectionCases } from '../contract/cases-inspection';
import { openingCases } from '../contract/cases-opening';
import { recordCases } from '../contract/cases-records';
import {
  type Cases,
  client,
  closeWorld,
  connectSql,
  fillDatabase,
  id,
  known,
  openWorld,
  sql,
} from '../contract/contract-world';

/** Whether sessions have their path: taken away, the same calls have to meet what is planted. */
const pin = vi.hoisted(() => ({ isTaken: false }));

vi.mock('../../../src/main/postgres/session-settings', async (original) => {
  const settings = await original<typeof SessionSettings>();
  const factsOf = (session: pg.ClientBase): SessionSettings.SessionFacts => ({
    // What the server said when the connection was made: no pooler stands between.
    process_id: (session as unknown as { processID: number }).processID,
    server_version_number: 180_000,
    in_recovery: false,
    acts_as: null,
    settings_are_local: false,
    later_settings_hold: true,
  });
  return {
    ...settings,
    sessionConfig(...parameters: Parameters<typeof settings.sessionConfig>) {
      const config = settings.sessionConfig(...parameters);
      return pin.isTaken ? { ...config, options: '' } : config;
    },
    async beginSession(...parameters: Parameters<typeof settings.beginSession>) {
      if (!pin.isTaken) return settings.beginSession(...parameters);
      await parameters[0].query(parameters[1]);
      return factsOf(parameters[0]);
    },
    checkSettings: (session: pg.ClientBase) =>
      pin.isTaken ? Promise.resolve(factsOf(session)) : settings.checkSettings(session),
    askSession: (session: pg.ClientBase) =>
      pin.isTaken ? Promise.resolve(factsOf(session)) : settings.askSession(session),
  };
});

/** Lists once more, with what searches, filters and sorts add to their statements. */
const furtherCases: Cases = {
  async 'users.list, searched'() {
    const sort = { field: 'email', direction: 'desc' } as const;
    const filters = {
      active: true,
      role: 'user',
      teamId: id('team'),
      syncStatus: 'pending',
      emailMissing: false,
    };
    await client.ask('users', 'list', { search: 'an', sort, filters });
    await client.ask('users', 'list', { search: id('ana'), filters: {} });
  },
  async 'users.list, by role'() {
    await client.ask('users', 'list', { filters: { role: 'user' } });
  },
  async 'usage.series, of the year before'() {
    const range = { from: '2025-12-01', to: '2026-11-30' };
    const asked = { range, by: 'cost', top: 3, bucket: 'month', compare: 'previous' } as const;
    await client.ask('usage', 'series', { ...asked, split: 'user', filters: { teamId: id('team') } });
  },
  async 'teams.list, searched'() {
    const sort = { field: 'maxBudget', direction: 'desc' } as const;
    await client.ask('teams', 'list', { search: 'crew', sort, filters: { active: true } });
  },
  async 'models.list, searched'() {
    await client.ask('models', 'list', { search: 'gp', filters: { active: true } });
  },
  async 'subscriptions.list, searched'() {
    await client.ask('subscriptions', 'list', { search: 'an', filters: { status: 'active' } });
  },
  async 'apiKeys.list, searched'() {
    await client.ask('apiKeys', 'list', { search: 'lap', filters: { state: 'active' } });
    await client.ask('apiKeys', 'list', { search: 'sk-contract-test-key', filters: {} });
  },
  async 'audit.list, searched'() {
    await client.ask('audit', 'list', { search: 'demo', filters: { resourceType: 'DATABASE' } });
  },
};
/** In their order, the further ones while the workspace is open. */
const cases: Cases = {
  ...openingCases,
  ...recordCases,
  ...apiKeyCases,
  ...furtherCases,
  ...inspectionCases,
  ...connectionCases,
};

/**
 * Cases that want the console's own server or the audit row of one that does, or a preflight that finds nothing; and a
 * function whose body has an operator, which is refused where anybody's operators wait for it.
 */
const localOnly = [
  'audit.exportCsv',
  'audit.facets',
  'audit.get',
  'audit.list',
  'database.migrations',
  'database.revealConnection',
  'database.serverLog',
  'database.startServer',
  'database.status',
  'database.stopServer',
  'health.check',
  'settings.diagnostics',
  'sql.code',
];

/** What needs a session of its own, which a pooler in transaction mode gives nobody, and what shows its outcome or waits for it. */
const needsItsOwnSession = [
  'apiKeys.create',
  'apiKeys.createMany',
  'apiKeys.previewCreateMany',
  'apiKeys.rotate',
  'changes.finish',
  'database.migrate',
  'health.repair',
  'settings.changeReportingTimeZone',
  'sync.exportHistoryCsv',
  'sync.exportObjectsCsv',
  'sync.history',
  'sync.objects',
  'sync.run',
  'sync.send',
  'sync.status',
];

describeOnEachPostgres('a database in which all of pg_catalog is planted', (major) => {
  let server: OwnServer;
  let planted: TestDatabase;

  beforeAll(async () => {
    server = await startOwnServer(major);
    planted = await createDatabase(server.cluster, 'planted', { migrated: false });
    await migrate(planted.config, { folder: migrationsFolder });
    await asOwner(planted.name, async (owner) => {
      await plant(owner);
      expect(await unplanted(owner)).toEqual([]);
    });
  }, 300_000);
  afterAll(() => server.remove());

  async function asOwner(database: string, work: (owner: pg.Client) => Promise<void>): Promise<void> {
    const owner = await connectAsOther(connectionTo(server.cluster, database));
    await work(owner);
    await owner.end();
  }

  /**
   * Calls every procedure on a copy of the planted database; answers which did not do what their case expects.
   * @param otherwise cases in the place of those of their name.
   */
  async function callEverything(
    database: string,
    port: number,
    otherwise: Cases = {},
  ): Promise<readonly string[]> {
    const { ownerUser } = server.cluster;
    await openWorld();
    const failed: string[] = [];
    try {
      const inPlaceOfTheLocalServer: Cases = {
        async 'workspace.setUpLocal'() {
          const { workspaceId } = await client.ask('workspace', 'connect', {
            connection: fieldsOf({ config: { ...connectionTo(server.cluster, database), port } }),
            settings: {
              name: 'Planted',
              environmentLabel: '',
              colour: '',
              access: 'administer',
              operatorUserId: null,
              reportingTimeZone: 'UTC',
            },
            rememberPassword: false,
          });
          known['local'] = workspaceId;
        },
      };
      // The test's own statements name its tables without their schema.
      const own = '?options=-c%20search_path%3Dpublic';
      await connectSql(
        `postgresql://${ownerUser}@127.0.0.1:${String(server.cluster.port)}/${database}${own}`,
      );
      for (const [procedure, run] of Object.entries({
        ...cases,
        ...inPlaceOfTheLocalServer,
        ...otherwise,
      })) {
        await run().catch(() => failed.push(procedure));
      }
    } finally {
      await sql.end();
      await closeWorld();
    }
    return failed.sort();
  }

  /** Another database like the planted one; settings of a database do not go along with a copy. */
  async function copy(database: string, settings = hostileSettings): Promise<string> {
    const { ownerUser } = server.cluster;
    await server.admin((admin) =>
      admin.query(`CREATE DATABASE ${database} OWNER ${ownerUser} TEMPLATE ${planted.name}`),
    );
    await asOwner(database, (owner) => setHostile(owner, database, ownerUser, settings));
    return database;
  }

  it.runIf(major === 18 || isLong)(
    'runs nothing of it, whichever procedure is called',
    { timeout: 600_000 },
    async () => {
      const database = await copy('direct');
      const from = await logLength(server.cluster);
      expect(await callEverything(database, server.cluster.port)).toEqual(localOnly);
      expect(await plantedHits(server.cluster, from)).toEqual([]);
    },
  );

  it.skipIf(isPoolerMissing || !isLong)(
    'runs nothing of it behind a pooler that drops the settings',
    { timeout: 600_000 },
    async () => {
      const database = await copy('pooled');
      const pooler = await startPooler(server, 'transaction', swallowsSettings);
      const from = await logLength(server.cluster);
      expect(await callEverything(database, pooler.port)).toEqual(
        [...localOnly, ...needsItsOwnSession].sort(),
      );
      await pooler.stop();
      expect(await plantedHits(server.cluster, from)).toEqual([]);
    },
  );

  it.runIf(major === 18)(
    'is full of what would run without the pinned settings',
    { timeout: 600_000 },
    async () => {
      const database = await copy('unpinned', hostileSettings.slice(0, 1));
      await asOwner(database, plantFunctionsOnly);
      pin.isTaken = true;
      const from = await logLength(server.cluster);
      await callEverything(database, server.cluster.port, {
        // Each of the demo's 28,000 rows would run what is planted, and each pair of rows of the catalogue here.
        'demo.load': () => Promise.resolve(),
        'demo.remove': fillDatabase,
        'sql.code': () => Promise.resolve(),
      });
      pin.isTaken = false;
      expect((await plantedHits(server.cluster, from)).length).toBeGreaterThanOrEqual(100);
    },
  );
});
