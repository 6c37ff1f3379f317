import { randomUUID } from 'node:crypto';
import type { JobState } from '../../shared/contract/app';
import { AppError, type ErrorEnvelope, isCancelled } from '../../shared/errors';
import type { ReportProgress } from '../../shared/progress';
import { say } from './say';

const keptJobs = 20;
/** Progress is shown at most this often: a job that reports each row must not flood the screens. */
const progressEveryMs = 100;

export interface Jobs {
  /**
   * Starts long work and answers its id at once. `workspaceId`: the workspace it works on, null for none.
   * @throws AppError `busy` when a job of the same procedure is running, unless `severalAtOnce`.
   */
  start(
    procedure: string,
    workspaceId: string | null,
    work: (signal: AbortSignal, report: ReportProgress) => Promise<unknown>,
    severalAtOnce?: boolean,
  ): string;
  list(): JobState[];
  /** True when such a job was running and was asked to stop. */
  cancel(id: string): boolean;
  /** Cancels the running jobs that `chosen` picks by procedure (all by default) and waits until they have stopped. */
  stop(chosen?: (procedure: string) => boolean): Promise<void>;
}

interface JobsOptions {
  readonly onChange: () => void;
  readonly toEnvelope: (error: unknown) => ErrorEnvelope;
  readonly now?: () => Date;
}

interface Entry {
  state: JobState;
  readonly controller: AbortController;
  ended: Promise<void>;
}

/** Keeps what runs and the last {@link keptJobs} that ended. */
export function createJobs({ onChange, toEnvelope, now = () => new Date() }: JobsOptions): Jobs {
  const entries = new Map<string, Entry>();
  const instantNow = (): string => now().toISOString().replace('Z', '000Z');

  function forgetOldest(): void {
    const ended = [...entries.values()].filter((entry) => entry.state.state !== 'running');
    for (const entry of ended.slice(0, Math.max(0, ended.length - keptJobs))) entries.delete(entry.state.id);
  }

  return {
    start(procedure, workspaceId, work, severalAtOnce = false) {
      const running = [...entries.values()].find(
        (entry) => entry.state.procedure === procedure && entry.state.state === 'running',
      );
      if (running && !severalAtOnce) {
        throw new AppError('busy', say('console.alreadyRunning'), {
          hint: say('console.alreadyRunningHint'),
          details: { jobId: running.state.id },
        });
      }
      const id = randomUUID();
      const controller = new AbortController();
      const entry: Entry = {
        controller,
        ended: Promise.resolve(),
        state: {
          id,
          procedure,
          workspaceId,
          state: 'running',
          title: '',
          detail: null,
          done: null,
          total: null,
          result: null,
          error: null,
          startedAt: instantNow(),
          finishedAt: null,
        },
      };
      entries.set(id, entry);
      let shownAt = 0;
      const report: ReportProgress = ({ title, detail, done, total }) => {
        const newTitle = title !== entry.state.title;
        entry.state = {
          ...entry.state,
          title,
          detail: detail ?? null,
          done: done ?? null,
          total: total ?? null,
        };
        const at = performance.now();
        if (!newTitle && at - shownAt < progressEveryMs) return;
        shownAt = at;
        onChange();
      };
      const finish = (change: Partial<JobState>): void => {
        entry.state = { ...entry.state, ...change, finishedAt: instantNow() };
        forgetOldest();
        onChange();
      };
      entry.ended = work(controller.signal, report).then(
        (result) => finish({ state: 'succeeded', result }),
        (error: unknown) => {
          if (isCancelled(error)) finish({ state: 'cancelled' });
          else finish({ state: 'failed', error: toEnvelope(error) });
        },
      );
      onChange();
      return id;
    },
    list: () => [...entries.values()].map((entry) => entry.state),
    cancel(id) {
      const entry = entries.get(id);
      if (entry?.state.state !== 'running') return false;
      entry.controller.abort();
      return true;
    },
    async stop(chosen = () => true) {
      const stopping = [...entries.values()].filter(
        ({ state }) => state.state === 'running' && chosen(state.procedure),
      );
      for (const entry of stopping) entry.controller.abort();
      await Promise.all(stopping.map((entry) => entry.ended));
    },
  };
}
