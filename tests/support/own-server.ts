import { execFile, execFileSync } from 'node:child_process';
import { appendFileSync, chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type pg from 'pg';
import { findServerAccount, type ServerAccount } from '../../src/main/local-server/server-account';
import { quickestFolder } from './quickest-folder';
import { asAdmin, type PostgresCluster, type PostgresMajor, startPostgresCluster } from './postgres-cluster';

const execFileAsync = promisify(execFile);

/** A PostgreSQL of one test's own, which may be reconfigured, restarted and killed. */
export interface OwnServer {
  readonly cluster: PostgresCluster;
  /** A folder that the server can read: certificates, sockets. */
  readonly folder: string;
  /** As the superuser, on the maintenance database. */
  admin<T>(work: (client: pg.Client) => Promise<T>): Promise<T>;
  /** Replaces the lines of pg_hba.conf; the superuser keeps a line of its own. */
  setAccess(...lines: string[]): Promise<void>;
  /** ALTER SYSTEM; takes effect with the next restart. */
  configure(settings: Readonly<Record<string, string>>): Promise<void>;
  stop(mode?: 'fast' | 'immediate'): Promise<void>;
  /** `wait: false` does not wait until it takes connections. */
  start(options?: { readonly wait: boolean }): Promise<void>;
  restart(mode?: 'fast' | 'immediate'): Promise<void>;
  /** Runs one of PostgreSQL's programs as the server's account. */
  run(program: string, ...parameters: string[]): Promise<void>;
  /** Makes a file the server's own, for keys. */
  own(path: string): void;
  remove(): Promise<void>;
}

export async function startOwnServer(major: PostgresMajor = 18): Promise<OwnServer> {
  const folder = mkdtempSync(join(quickestFolder(), 'litemaas-own-'));
  const account: ServerAccount | null = await findServerAccount({
    userId: process.getuid?.(),
    chosenName: process.env['LITEMAAS_PG_USER'],
  });
  if (account) chownSync(folder, account.userId, account.groupId);
  chmodSync(folder, 0o755);
  const cluster = await startPostgresCluster(join(folder, 'data'), major);
  const { binFolder, dataFolder, adminUser } = cluster;

  const run = async (program: string, ...parameters: string[]): Promise<void> => {
    await execFileAsync(join(binFolder, program), parameters, {
      cwd: folder,
      ...(account ? { uid: account.userId, gid: account.groupId } : {}),
    });
  };
  // pg_ctl's pipes are inherited by the server and would never end: its output goes to a file.
  const control = async (...parameters: string[]): Promise<void> => {
    await run('pg_ctl', '-D', dataFolder, '-l', join(folder, 'server.log'), '-s', ...parameters);
  };

  // What it was started with on the command line holds for later starts too. (ALTER SYSTEM cannot say "no socket".)
  appendFileSync(
    join(dataFolder, 'postgresql.conf'),
    `port = ${String(cluster.port)}\nlisten_addresses = '127.0.0.1'\nunix_socket_directories = ''\nfsync = off\n`,
  );

  return {
    cluster,
    folder,
    admin: (work) => asAdmin(cluster, work),
    async setAccess(...lines) {
      const own = `host all ${adminUser} 127.0.0.1/32 trust\nhost replication ${adminUser} 127.0.0.1/32 trust`;
      writeFileSync(join(dataFolder, 'pg_hba.conf'), `${[...lines, own].join('\n')}\n`);
      await control('reload');
    },
    async configure(settings) {
      await asAdmin(cluster, async (client) => {
        for (const [name, value] of Object.entries(settings)) {
          await client.query(`ALTER SYSTEM SET ${name} = ${client.escapeLiteral(value)}`);
        }
      });
    },
    stop: (mode = 'fast') => control('-w', '-m', mode, 'stop'),
    start: ({ wait } = { wait: true }) => control(wait ? '-w' : '-W', 'start'),
    restart: (mode = 'fast') => control('-w', '-m', mode, 'restart'),
    run,
    own(path) {
      if (account) chownSync(path, account.userId, account.groupId);
    },
    async remove() {
      await control('-m', 'immediate', 'stop').catch(() => undefined);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Calls openssl in a folder. */
export function openssl(folder: string, ...parameters: string[]): void {
  execFileSync('openssl', parameters, { stdio: 'ignore', cwd: folder });
}
