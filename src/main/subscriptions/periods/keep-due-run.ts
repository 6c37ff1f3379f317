import type { SendNews } from '../../changes/send-news';
import type { Log } from '../../kernel/log';
import type { OpenWorkspace } from '../../workspace/open-workspace';
import { runDue } from './run-due';

const everyMs = 10 * 60_000;

interface Options {
  /** The workspace that is open, whose schema is current; NULL where there is none. */
  readonly current: () => OpenWorkspace | null;
  readonly sendNews: SendNews;
  readonly log: Log;
}

/** Runs what is due where the person wants it, in the background. */
export interface DueKeeper {
  /** Looks now, unless it is at it. Never rejects. */
  look(): Promise<void>;
  /** Begins nothing more. What runs ends with its database. */
  stop(): void;
}

/** Looks every ten minutes whether something is due in the open workspace, as its settings say. */
export function keepDueRun({ current, sendNews, log }: Options): DueKeeper {
  let running: Promise<void> | null = null;
  const run = async (): Promise<void> => {
    const workspace = current();
    if (workspace === null || !workspace.profile.runsDue || workspace.database.readOnly) return;
    const { closing } = workspace.database;
    try {
      await runDue({ workspace, signal: closing, report: () => undefined }, sendNews);
    } catch (error) {
      // Nobody asked for it just now: the overview shows what stays due, and the next look tries again.
      if (!closing.aborted) log.error('subscriptions.runDue', error);
    }
  };
  const look = (): Promise<void> => (running ??= run().finally(() => (running = null)));
  const timer = setInterval(() => void look(), everyMs);
  timer.unref();
  return { look, stop: () => clearInterval(timer) };
}
