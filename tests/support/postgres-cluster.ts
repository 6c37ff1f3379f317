import { spawn } from 'node:child_process';
import { chown, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { migrate } from '../../src/main/postgres/migrate';
import { findBinaries } from '../../src/main/local-server/binaries';
import { reachableBinaries } from '../../src/main/local-server/binaries-for-account';
import { findServerAccount, type ServerAccount } from '../../src/main/local-server/server-account';
import { quickestFolder } from './quickest-folder';

/** 18 is the embedded PostgreSQL; 15 is Debian's, the oldest version the console supports. */
export type PostgresMajor = 18 | 15;

/** A running throw-away server on 127.0.0.1: no fsync, no password, UTC, UTF-8. */
export interface PostgresCluster {
  readonly major: PostgresMajor;
  readonly host: string;
  readonly port: number;
  /** Superuser: creates and drops databases. */
  readonly adminUser: string;
  /** The ordinary role that owns every test database, as the console's role owns a real one. */
  readonly ownerUser: string;
  readonly binFolder: string;
  readonly dataFolder: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    /** Folder of this test run's clusters; see `clusterOfRun`. */
    postgresRunFolder: string;
  }
}

export const migrationsFolder = fileURLToPath(new URL('../../migrations', import.meta.url));
/** A migrated database that test databases are cloned from. */
export const templateDatabase = 'litemaas_template';

const debianFolder = '/usr/lib/postgresql/15/bin';
const folderPrefix = 'litemaas-test-';
const startAttempts = 3;

/** Why tests on this version can't run here; null when they can. */
export function missingPostgres(major: PostgresMajor): string | null {
  return major === 18 || existsSync(join(debianFolder, 'postgres'))
    ? null
    : `PostgreSQL 15 is not installed (${debianFolder})`;
}

let runFolder: string | undefined;

/** vitest's global set-up: one PostgreSQL 18 per run, with the migrated template. */
export async function setup(project: TestProject): Promise<void> {
  runFolder = await createRunFolder(quickestFolder());
  await clusterOfRun(runFolder, 18);
  project.provide('postgresRunFolder', runFolder);
}

export async function teardown(): Promise<void> {
  if (runFolder !== undefined) await removeRunFolder(runFolder);
}

/**
 * A folder that holds the clusters of one run (tests, a benchmark, Playwright).
 * @param parent left out: on the disk, where figures are taken.
 */
export async function createRunFolder(parent = tmpdir()): Promise<string> {
  await removeAbandonedFolders();
  const folder = await mkdtemp(join(parent, folderPrefix));
  await writeFile(join(folder, 'owner.pid'), String(process.pid));
  const account = await serverAccount();
  if (account) await chown(folder, account.userId, account.groupId);
  return folder;
}

/** Stops the folder's clusters and removes it. */
export async function removeRunFolder(folder: string): Promise<void> {
  for (const major of [18, 15] as const) {
    const record = recordPath(folder, major);
    if (existsSync(record)) await stopPostgresCluster(await readRecord(record));
  }
  await rm(folder, { recursive: true, force: true });
}

/** The run's cluster of a version, started (with its template database) by whoever asks first, in any process. */
export async function clusterOfRun(folder: string, major: PostgresMajor): Promise<PostgresCluster> {
  const record = recordPath(folder, major);
  if (existsSync(record)) return readRecord(record);
  const lock = join(folder, `starting-${major}`);
  try {
    await mkdir(lock);
  } catch {
    while (!existsSync(record)) {
      if (!existsSync(lock)) throw new Error(`PostgreSQL ${major} could not be started by another test file`);
      await delay(100);
    }
    return readRecord(record);
  }
  try {
    const cluster = await startPostgresCluster(join(folder, `data-${major}`), major);
    await createTemplate(cluster);
    await writeFile(`${record}.draft`, JSON.stringify(cluster));
    await rename(`${record}.draft`, record);
    return cluster;
  } finally {
    await rm(lock, { recursive: true });
  }
}

/** Makes and starts a cluster in a new folder. The caller stops it. */
export async function startPostgresCluster(
  dataFolder: string,
  major: PostgresMajor = 18,
): Promise<PostgresCluster> {
  const missing = missingPostgres(major);
  if (missing !== null) throw new Error(missing);
  const account = await serverAccount();
  const binFolder = major === 15 ? debianFolder : await embeddedBinFolder(dirname(dataFolder), account);
  const locale = major === 15 ? ['--locale=C.UTF-8'] : ['--locale-provider=builtin', '--locale=C.UTF-8'];
  await run(
    join(binFolder, 'initdb'),
    ['-D', dataFolder, '-U', 'postgres', '--auth=trust', '-E', 'UTF8', '--no-sync', ...locale],
    account,
  );
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    const settings = [
      `-p ${port}`,
      '-h 127.0.0.1',
      '-F',
      `-c unix_socket_directories=''`,
      '-c timezone=UTC',
      '-c full_page_writes=off',
      '-c max_connections=100',
    ];
    try {
      await run(
        join(binFolder, 'pg_ctl'),
        ['-D', dataFolder, '-l', `${dataFolder}.log`, '-w', '-o', settings.join(' '), 'start'],
        account,
      );
      const cluster = {
        major,
        host: '127.0.0.1',
        port,
        adminUser: 'postgres',
        ownerUser: 'litemaas',
        binFolder,
        dataFolder,
      };
      await asAdmin(cluster, (client) => client.query(`CREATE ROLE ${cluster.ownerUser} LOGIN`));
      return cluster;
    } catch (error) {
      // Somebody may have taken the port between asking for it and starting.
      if (attempt === startAttempts) throw error;
    }
  }
}

export async function stopPostgresCluster({ binFolder, dataFolder }: PostgresCluster): Promise<void> {
  await run(
    join(binFolder, 'pg_ctl'),
    ['-D', dataFolder, '-m', 'immediate', '-w', 'stop'],
    await serverAccount(),
  );
}

/** How the owner (or the superuser) connects to a database of the cluster. */
export function connectionTo(
  cluster: PostgresCluster,
  database: string,
  user = cluster.ownerUser,
): pg.ClientConfig {
  return { host: cluster.host, port: cluster.port, user, database };
}

/** Runs work as the superuser on the maintenance database. */
export async function asAdmin<T>(
  cluster: PostgresCluster,
  work: (client: pg.Client) => Promise<T>,
  database = 'postgres',
): Promise<T> {
  const client = new pg.Client(connectionTo(cluster, database, cluster.adminUser));
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function createTemplate(cluster: PostgresCluster): Promise<void> {
  await asAdmin(cluster, (client) =>
    client.query(`CREATE DATABASE ${templateDatabase} OWNER ${cluster.ownerUser}`),
  );
  await migrate(connectionTo(cluster, templateDatabase), { folder: migrationsFolder });
}

async function embeddedBinFolder(folder: string, account: ServerAccount | null): Promise<string> {
  const binaries = await reachableBinaries(await findBinaries(import.meta.url), folder, account);
  return dirname(binaries.postgres);
}

function serverAccount(): Promise<ServerAccount | null> {
  return findServerAccount({
    userId: process.getuid?.(),
    chosenName: process.env['LITEMAAS_PG_USER'],
  });
}

async function run(program: string, parameters: string[], account: ServerAccount | null): Promise<void> {
  const code = await new Promise<number | null>((resolve, reject) => {
    const child = spawn(program, parameters, {
      // The server inherits these from pg_ctl: a pipe would never end.
      stdio: 'ignore',
      cwd: tmpdir(),
      ...(account ? { uid: account.userId, gid: account.groupId } : {}),
    });
    child.once('error', reject);
    child.once('exit', resolve);
  });
  if (code !== 0) throw new Error(`${program} ${parameters.join(' ')} ended with ${String(code)}`);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

function recordPath(folder: string, major: PostgresMajor): string {
  return join(folder, `cluster-${major}.json`);
}

async function readRecord(path: string): Promise<PostgresCluster> {
  return JSON.parse(await readFile(path, 'utf8')) as PostgresCluster;
}

/** A run that was killed leaves its servers behind; the next run ends them. */
async function removeAbandonedFolders(): Promise<void> {
  for (const parent of new Set([tmpdir(), quickestFolder()])) {
    for (const name of await readdir(parent)) {
      const folder = join(parent, name);
      if (!name.startsWith(folderPrefix)) continue;
      const owner = Number(await readFile(join(folder, 'owner.pid'), 'utf8').catch(() => ''));
      if (owner === 0 || isRunning(owner)) continue;
      await removeRunFolder(folder).catch(() => undefined);
    }
  }
}

function isRunning(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
