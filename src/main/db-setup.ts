import { environment } from './database-environment';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { AppState, JobState } from '../shared/contract/app';
import type { Answer } from '../shared/bridge';
import type { ResultOf } from '../shared/contract/index';
import type { workspaceContract } from '../shared/contract/workspace';
import { AppError } from '../shared/errors';
import { createConsole } from './console';
import { say } from './kernel/say';
import { version } from '../../package.json';
import { cancelled } from './kernel/cancelled';

/**
 * The one click from the command line (`npm run db:setup`, the schema document's command): starts the shipped
 * PostgreSQL, migrates, with `--demo` loads the demo data, prints where it is, and stops the server again.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { demo: { type: 'boolean', default: false } } });
  const appFolder = join(import.meta.dirname, '..', '..');
  const console_ = await createConsole({
    host: 'browser',
    version,
    migrationsFolder: join(appFolder, 'migrations'),
    demoFolder: join(appFolder, 'src', 'main', 'demo', 'data'),
    environment,
    checkOutputs: false,
  });
  const interrupted = new AbortController();
  process.once('SIGINT', () => interrupted.abort());

  async function call<T>(area: string, procedure: string, input: object): Promise<T> {
    const answer = (await console_.call(
      { area, procedure, input },
      {
        signal: interrupted.signal,
        deliverFile: () => Promise.reject(new Error('There is no file to deliver.')),
      },
    )) as Answer<T>;
    if (answer.ok) return answer.value;
    throw new AppError(
      answer.error.code,
      answer.error.message,
      answer.error.hint ? { hint: answer.error.hint } : {},
    );
  }

  try {
    const { jobId } = await call<{ jobId: string }>('workspace', 'setUpLocal', { demo: values.demo });
    interrupted.signal.addEventListener('abort', () => {
      void console_.call(
        { area: 'app', procedure: 'cancelJob', input: { jobId } },
        {
          signal: new AbortController().signal,
          deliverFile: () => Promise.reject(new Error('There is no file to deliver.')),
        },
      );
    });
    const job = await follow(jobId, (sinceRevision) => call<AppState>('app', 'watch', { sinceRevision }));
    if (job.error)
      throw new AppError(job.error.code, job.error.message, job.error.hint ? { hint: job.error.hint } : {});
    const { elapsedMs, demoWasThere } = job.result as ResultOf<typeof workspaceContract.setUpLocal>;
    if (demoWasThere) print(say('hosts.dbSetup.demoWasThere'));
    const { connectionString } = await call<{ connectionString: string }>('database', 'status', {});
    print(say('hosts.dbSetup.ready', { seconds: (elapsedMs / 1000).toFixed(1), connectionString }));
    print(say('hosts.dbSetup.serverStops'));
  } finally {
    await console_.close();
  }
}

/** Prints each new stage of a job until it ends. */
async function follow(jobId: string, watch: (sinceRevision: number) => Promise<AppState>): Promise<JobState> {
  let revision = -1;
  let shown = '';
  for (;;) {
    const state = await watch(revision);
    revision = state.revision;
    const job = state.jobs.find(({ id }) => id === jobId);
    if (!job) throw new AppError('internal', say('hosts.dbSetup.unknown'));
    const stage = [job.title, job.detail].filter(Boolean).join(': ');
    if (stage !== shown && stage !== '') print(`  ${(shown = stage)}`);
    if (job.state === 'cancelled') throw cancelled();
    if (job.state !== 'running') return job;
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

main().catch((error: unknown) => {
  const text =
    error instanceof AppError ? [error.message, error.hint].filter(Boolean).join(' ') : String(error);
  process.stderr.write(`${text}\n`);
  process.exitCode = 1;
});
