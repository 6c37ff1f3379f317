import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';

const run = promisify(execFile);

/** What people export for other programs and other servers; each of these would break a connection or a start. */
const hostile = {
  NODE_PG_FORCE_NATIVE: '1',
  PGAPPNAME: 'somebody else',
  PGBINARY: '1',
  PGCHANNELBINDING: 'require',
  PGCLIENTENCODING: 'LATIN1',
  PGCLIENT_ENCODING: 'LATIN1',
  PGCONNECT_TIMEOUT: '0',
  PGDATA: '/nonexistent',
  PGDATABASE: 'nowhere',
  PGDATESTYLE: 'German',
  PGGSSENCMODE: 'require',
  PGHOST: 'nowhere.invalid',
  PGHOSTADDR: '192.0.2.1',
  PGOPTIONS: '-c default_transaction_read_only=on -c search_path=tenant -c lock_timeout=1',
  PGPASSFILE: '/nonexistent',
  PGPASSWORD: 'of another server',
  PGPORT: '1',
  PGREPLICATION: 'database',
  PGREQUIREAUTH: 'none',
  PGREQUIRESSL: '1',
  PGSERVICE: 'nowhere',
  PGSERVICEFILE: '/nonexistent',
  PGSSLCERT: '/nonexistent',
  PGSSLKEY: '/nonexistent',
  PGSSLMODE: 'verify-full',
  PGSSLNEGOTIATION: 'direct',
  PGSSLROOTCERT: '/nonexistent',
  PGTARGETSESSIONATTRS: 'standby',
  PGTZ: 'Asia/Tokyo',
  PGUSER: 'nobody',
  LANG: 'xx_YY.UTF-8',
  LC_ALL: 'xx_YY.UTF-8',
  TZ: 'Foo/Bar',
};

it('is set up whatever variables of PostgreSQL’s clients are exported', async () => {
  const dataFolder = mkdtempSync(join(tmpdir(), 'litemaas-environment-'));
  // Root lends the server another account, which has to pass through.
  chmodSync(dataFolder, 0o755);
  onTestFinished(() => rmSync(dataFolder, { recursive: true, force: true }));
  // The one click from the command line. Rejects unless the program ends with 0.
  const { stdout, stderr } = await run(process.execPath, ['--import', 'tsx', 'src/main/db-setup.ts'], {
    env: { PATH: process.env['PATH'], HOME: dataFolder, ...hostile, LITEMAAS_DATA_DIR: dataFolder },
  });
  expect(stdout).toMatch(/^Ready in \d+\.\d s: postgresql:\/\/litemaas@127\.0\.0\.1:\d+\/litemaas$/m);
  expect(stderr).toBe('');
});
