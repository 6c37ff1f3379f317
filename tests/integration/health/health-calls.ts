import type pg from 'pg';
import { createHealthHandlers } from '../../../src/main/health';
import { openDatabase } from '../../../src/main/postgres/database';
import type { OpenWorkspace } from '../../../src/main/workspace/open-workspace';
import { contract, type ResultOf } from '../../../src/shared/contract/index';
import type {
  HealthFinding,
  HealthGroup,
  HealthReport,
  RepairPreview,
  RepairRequest,
} from '../../../src/shared/contract/health';
import type { Progress } from '../../../src/shared/progress';
import type { PostgresMajor } from '../../support/postgres-cluster';
import { migrationsFolder } from '../../support/postgres-cluster';
import { createTestDatabase } from '../../support/postgres';
import { openTestSession } from '../../support/test-session';
import { openTestWorkspace } from '../../support/workspace';

const handlers = createHealthHandlers(migrationsFolder);
type Reconciliation = ResultOf<(typeof contract)['health']['reconcile']>;

export interface HealthCalls {
  /** The database's owner: what damages it. */
  readonly client: pg.Client;
  /** Runs SQL as the superuser. */
  asAdmin(sql: string): Promise<void>;
  /** A connection as the superuser; the caller ends it. */
  connectAsAdmin(): Promise<pg.Client>;
  /** How the superuser connects. */
  readonly adminConfig: pg.ClientConfig;
  readonly workspace: OpenWorkspace;
  check(group: HealthGroup): Promise<HealthReport>;
  /** The one finding with this id; fails where there is none. */
  finding(group: HealthGroup, id: string): Promise<HealthFinding>;
  ids(group: HealthGroup): Promise<string[]>;
  reconcile(signal?: AbortSignal): Promise<Reconciliation>;
  preview(repair: RepairRequest): Promise<RepairPreview>;
  /** Previews and repairs, as the dialog does. */
  repair(repair: RepairRequest, signal?: AbortSignal): Promise<string>;
  repairWith(repair: RepairRequest, version: string, signal?: AbortSignal): Promise<string>;
  readonly reported: Progress[];
  close(): Promise<void>;
}

/** A database of its own with the health procedures, called as the router does: results are checked. */
export async function openHealthCalls(
  options: {
    readonly major?: PostgresMajor;
    readonly migrated?: boolean;
    readonly access?: 'read-only' | 'administer';
  } = {},
): Promise<HealthCalls> {
  const { migrated = true, ...rest } = options;
  const opened = await openTestWorkspace(rest);
  let { workspace } = opened;
  let database = opened.database;
  let closeOwn = (): Promise<void> => Promise.resolve();
  if (!migrated) {
    database = await createTestDatabase({ migrated: false, ...(rest.major ? { major: rest.major } : {}) });
    const own = openDatabase({ config: database.config, readOnly: false, checkRows: true });
    workspace = { ...workspace, database: own };
    const { drop } = database;
    closeOwn = async () => {
      await own.close();
      await drop();
    };
  }
  const client = await openTestSession(database.config);
  const reported: Progress[] = [];
  const never = new AbortController().signal;
  const call = (signal = never) => ({
    signal,
    workspace,
    report: (progress: Progress) => void reported.push(progress),
  });
  const procedures = contract.health;

  const calls: HealthCalls = {
    client,
    async asAdmin(sql) {
      const admin = await calls.connectAsAdmin();
      await admin.query(sql).finally(() => admin.end());
    },
    connectAsAdmin: () => openTestSession(database.adminConfig),
    adminConfig: database.adminConfig,
    workspace,
    reported,
    async check(group) {
      return procedures.check.output.parse(await handlers.check({ group }, call()));
    },
    async finding(group, id) {
      const report = await calls.check(group);
      const found = report.findings.find((finding) => finding.id === id);
      if (!found)
        throw new Error(`no finding ${id} among ${report.findings.map((one) => one.id).join(', ')}`);
      return found;
    },
    ids: async (group) => (await calls.check(group)).findings.map(({ id }) => id),
    async reconcile(signal) {
      return procedures.reconcile.output.parse(await handlers.reconcile({}, call(signal)));
    },
    async preview(repair) {
      return procedures.previewRepair.output.parse(await handlers.previewRepair({ repair }, call()));
    },
    async repairWith(repair, version, signal) {
      const { summary } = procedures.repair.output.parse(
        await handlers.repair({ repair, version }, call(signal)),
      );
      return summary;
    },
    repair: async (repair, signal) => calls.repairWith(repair, (await calls.preview(repair)).version, signal),
    async close() {
      await client.end();
      await closeOwn();
      await opened.close();
    },
  };
  return calls;
}
