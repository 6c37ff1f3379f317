/**
 * A console that is a process of its own, for tests of what happens between consoles: it can be killed and run
 * as another account. Reads one JSON request per line and answers each with one JSON line.
 */
import { createInterface } from 'node:readline';
import { AppError } from '../../../src/shared/errors';
import { createLocalServer } from '../../../src/main/local-server';
import { createDataFolder } from '../../../src/main/files/data-folder';

const [dataFolder = '', serverFolder = ''] = process.argv.slice(2);
const folder = await createDataFolder({ path: dataFolder, serverFolder });
const server = createLocalServer({ folder, environment: process.env });

const answers: Record<string, () => Promise<unknown>> = {
  ensureRunning: () =>
    server.ensureRunning({
      report: ({ detail }) => {
        say({ progress: detail });
      },
    }),
  status: () => server.status(),
  stop: () => server.stop(),
  close: () => server.close(),
};

function say(message: object): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

say({ progress: 'console is open' });
for await (const line of createInterface({ input: process.stdin })) {
  try {
    say({ answer: await answers[line]?.() });
  } catch (error) {
    say({
      error: error instanceof AppError ? error.toEnvelope() : { code: 'internal', message: String(error) },
    });
  }
}
