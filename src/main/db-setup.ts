import { openHeadless, lineOf } from './command-line/headless';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { say } from './kernel/say';

/**
 * The one click from the command line (`npm run db:setup`, the schema document's command): starts the shipped
 * PostgreSQL, migrates, with `--demo` loads the demo data, prints where it is, and stops the server again.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { demo: { type: 'boolean', default: false } } });
  const headless = await openHeadless(join(import.meta.dirname, '..', '..'));
  try {
    const { elapsedMs, demoWasThere } = await headless.runJob(
      'workspace',
      'setUpLocal',
      { demo: values.demo },
      (stage) => print(`  ${stage}`),
    );
    if (demoWasThere) print(say('hosts.dbSetup.demoWasThere'));
    const { connectionString } = await headless.ask('database', 'status', {});
    print(say('hosts.dbSetup.ready', { seconds: (elapsedMs / 1000).toFixed(1), connectionString }));
    print(say('hosts.dbSetup.serverStops'));
  } finally {
    await headless.close();
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${lineOf(error)}\n`);
  process.exitCode = 1;
});
