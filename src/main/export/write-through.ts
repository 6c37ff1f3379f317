import type { Writable } from 'node:stream';
import { AppError } from '../../shared/errors';
import { say } from '../kernel/say';

/** A reader that takes nothing for so long has gone away. */
const patienceMs = 10_000;

/**
 * Writes a text and waits until the system has taken all of it.
 * @throws what the target failed with; AppError `cancelled` where it was closed, or its reader takes nothing any more:
 *   the target is destroyed then.
 */
export function writeThrough(target: Writable, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (error?: Error | null): void => {
      clearTimeout(timer);
      target.off('close', onClose);
      if (error) reject(error);
      else resolve();
    };
    const onClose = (): void => settle(new AppError('cancelled', say('console.fileBrokenOff')));
    const timer = setTimeout(() => {
      onClose();
      target.destroy();
    }, patienceMs);
    if (target.destroyed) {
      onClose();
      return;
    }
    target.once('close', onClose);
    target.write(text, settle);
  });
}
