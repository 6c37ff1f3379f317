const firstWaitMs = 1_000;
const longestWaitMs = 15_000;

/** Tries again and again, ever more slowly, until the database answers. */
export interface Reconnecting {
  /** The connection was found lost: begin trying, unless that is under way. */
  lost(): void;
  /** It answers again, by whatever call: stop trying. */
  found(): void;
  /** The workspace is being left. */
  stop(): void;
}

/**
 * @param attempt resolves when the database answered; its rejections are expected while it does not.
 * @param onFound called once after a loss, when the database answers again.
 */
export function createReconnecting(attempt: () => Promise<void>, onFound: () => void): Reconnecting {
  let timer: NodeJS.Timeout | undefined;
  let isLost = false;
  let isStopped = false;

  function schedule(waitMs: number): void {
    if (isStopped || !isLost) return;
    timer = setTimeout(() => {
      // Success is noticed through `found`, like that of any other call.
      attempt()
        .catch(() => undefined)
        .finally(() => schedule(Math.min(waitMs * 2, longestWaitMs)));
    }, waitMs);
    // Waiting for a database must not keep a process alive that has nothing else to do.
    timer.unref();
  }

  return {
    lost() {
      if (isLost || isStopped) return;
      isLost = true;
      schedule(firstWaitMs);
    },
    found() {
      if (!isLost) return;
      isLost = false;
      clearTimeout(timer);
      onFound();
    },
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
