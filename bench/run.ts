import { cpus, totalmem } from 'node:os';
import { createRunFolder, missingPostgres, removeRunFolder } from '../tests/support/postgres-cluster';
import { auditLog } from './audit-log';
import { browse } from './browse';
import { changes } from './changes';
import { firstScreen } from './first-screen';
import { listPages } from './list-pages';
import { oneClick } from './one-click';
import { palette } from './palette';
import { sessions } from './sessions';
import { usageTriggers } from './usage-triggers';

/** `npm run bench [name …]`: prints the figures of docs/performance.md, all from this one run. */
const benches: Readonly<Record<string, (runFolder: string) => Promise<void>>> = {
  'one-click': oneClick,
  'first-screen': firstScreen,
  'usage-triggers': async (runFolder) => {
    for (const major of [18, 15] as const) {
      const missing = missingPostgres(major);
      if (missing === null) await usageTriggers(runFolder, major);
      else process.stdout.write(`  PostgreSQL ${String(major)}: not measured, ${missing}\n`);
    }
  },
  sessions,
  'list-pages': listPages,
  'audit-log': auditLog,
  browse,
  palette,
  changes,
};

const chosen = process.argv.slice(2);
const unknown = chosen.filter((name) => !Object.hasOwn(benches, name));
if (unknown.length > 0) {
  process.stderr.write(
    `No such benchmark: ${unknown.join(', ')}. There are ${Object.keys(benches).join(', ')}.\n`,
  );
  process.exit(2);
}

process.stdout.write(
  `${String(cpus().length)} cores, ${String(Math.round(totalmem() / 2 ** 30))} GiB, Node ${process.versions.node}\n`,
);
const runFolder = await createRunFolder();
try {
  for (const [name, bench] of Object.entries(benches)) {
    if (chosen.length > 0 && !chosen.includes(name)) continue;
    process.stdout.write(`${name}\n`);
    await bench(runFolder);
  }
} finally {
  await removeRunFolder(runFolder);
}
