import { environment } from '../database-environment';
import { join } from 'node:path';
import { version } from '../../../package.json';
import type { Answer } from '../../shared/bridge';
import type { JobState } from '../../shared/contract/app';
import type {
  AnswerOf,
  AreaName,
  Contract,
  InputOf,
  ProcedureName,
  ResultOf,
} from '../../shared/contract/index';
import { type ErrorEnvelope, AppError } from '../../shared/errors';
import { createConsole } from '../console';
import { cancelled } from '../kernel/cancelled';
import { say } from '../kernel/say';

/** A console without a window, for one command. Ctrl-C cancels what it is at. */
export interface Headless {
  /** @throws AppError as the procedure does. */
  ask<Area extends AreaName, Name extends ProcedureName<Area>>(
    area: Area,
    procedure: Name,
    input: InputOf<Contract[Area][Name]>,
  ): Promise<AnswerOf<Contract[Area][Name]>>;
  /**
   * Runs a job to its end.
   * @throws AppError as the job does.
   */
  runJob<Area extends AreaName, Name extends ProcedureName<Area>>(
    area: Area,
    procedure: Name,
    input: InputOf<Contract[Area][Name]>,
    onStage?: (stage: string) => void,
  ): Promise<ResultOf<Contract[Area][Name]>>;
  close(): Promise<void>;
}

/**
 * @param appFolder where the console's migrations and demo data are found.
 * @throws AppError when the data folder cannot be made.
 */
export async function openHeadless(appFolder: string): Promise<Headless> {
  const console_ = await createConsole({
    host: 'browser',
    version,
    migrationsFolder: join(appFolder, 'migrations'),
    demoFolder: join(appFolder, 'src', 'main', 'demo', 'data'),
    environment,
    checkOutputs: false,
    runsDueByItself: false,
  });
  const interrupted = new AbortController();
  process.once('SIGINT', () => interrupted.abort());
  const deliverFile = (): Promise<never> => Promise.reject(new Error('There is no file to deliver.'));

  async function call<T>(
    area: string,
    procedure: string,
    input: unknown,
    signal = interrupted.signal,
  ): Promise<T> {
    const answer = (await console_.call({ area, procedure, input }, { signal, deliverFile })) as Answer<T>;
    if (answer.ok) return answer.value;
    throw thrownOf(answer.error);
  }

  /** Tells each new stage of a job until it ends. */
  async function follow(jobId: string, onStage: (stage: string) => void): Promise<JobState> {
    let revision = -1;
    let shown = '';
    for (;;) {
      const state = await call<AnswerOf<Contract['app']['watch']>>('app', 'watch', {
        sinceRevision: revision,
      });
      revision = state.revision;
      const job = state.jobs.find(({ id }) => id === jobId);
      if (!job) throw new AppError('internal', say('hosts.headless.unknown'));
      const stage = [job.title, job.detail].filter(Boolean).join(': ');
      if (stage !== shown && stage !== '') onStage((shown = stage));
      if (job.state === 'cancelled') throw cancelled();
      if (job.state !== 'running') return job;
    }
  }

  return {
    ask: (area, procedure, input) => call(area, procedure, input),
    async runJob(area, procedure, input, onStage = () => undefined) {
      const { jobId } = await call<{ jobId: string }>(area, procedure, input);
      interrupted.signal.addEventListener('abort', () => {
        void call('app', 'cancelJob', { jobId }, new AbortController().signal);
      });
      const job = await follow(jobId, onStage);
      if (job.error) throw thrownOf(job.error);
      return job.result as never;
    },
    close: () => console_.close(),
  };
}

function thrownOf({ code, message, hint }: ErrorEnvelope): AppError {
  return new AppError(code, message, hint === undefined ? {} : { hint });
}

/** An error in one line, for a terminal. */
export function lineOf(error: unknown): string {
  return error instanceof AppError ? [error.message, error.hint].filter(Boolean).join(' ') : String(error);
}
