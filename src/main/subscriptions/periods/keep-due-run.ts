import type { Log } from '../../kernel/log';
import type { OpenWorkspace } from '../../workspace/open-workspace';

const everyMs = 10 * 60_000;

interface Options {
  /** The workspace that is open, whose schema is current; NULL where there is none. */
  readonly current: () => OpenWorkspace | null;
  /** Runs what is due in it; ends when it closes. */
  readonly run: (workspace: OpenWorkspace) => Promise<unknown>;
  readonly log: Log;
}

/** Runs what is due where the person wants it, in the background. */
export interface DueKeeper {
  /** Looks now, or once more after the look that is under way. Never rejects. */
  look(): Promise<void>;
  /** Begins nothing more. What runs ends with its database. */
  stop(): void;
}

/** Looks every ten minutes whether something is due in the open workspace, as its settings say. */
export function keepDueRun({ current, run, log }: Options): DueKeeper {
  let running: Promise<void> | null = null;
  let isAskedAgain = false;
  const lookOnce = async (): Promise<void> => {
    const workspace = current();
    if (workspace === null || !workspace.profile.runsDue || workspace.database.readOnly) return;
    try {
      await run(workspace);
    } catch (error) {
      // Nobody asked for it just now: what is still due is found again.
      if (!workspace.database.closing.aborted) log.error('subscriptions.runDue', error);
    }
  };
  const lookUntilDone = async (): Promise<void> => {
    do {
      isAskedAgain = false;
      await lookOnce();
    } while (isAskedAgain);
    running = null;
  };
  const look = (): Promise<void> => {
    // Another workspace may have been opened since.
    if (running !== null) isAskedAgain = true;
    return (running ??= lookUntilDone());
  };
  const timer = setInterval(() => void look(), everyMs);
  timer.unref();
  return { look, stop: () => clearInterval(timer) };
}
