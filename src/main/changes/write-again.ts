import { setTimeout as pause } from 'node:timers/promises';
import { AppError } from '../../shared/errors';

/** How often a transaction that met another one, or a connection that broke, is tried again. */
const mostTries = 4;
const restMs = [50, 500, 2_000];

/**
 * Writes again where it met another transaction, or where the answer to its COMMIT may have been lost.
 * @param write one transaction, which finds what an earlier try of it did.
 */
export async function writeAgain<T>(signal: AbortSignal, write: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await write();
    } catch (error) {
      const isPassing = error instanceof AppError && ['conflict', 'db_unreachable'].includes(error.code);
      if (!isPassing || tries === mostTries) throw error;
      await pause(restMs[tries - 1], undefined, { signal });
    }
  }
}
