import { AppError } from '../../shared/errors';
import { say } from '../kernel/say';

/** For a statement of which it can't be told to the end what it calls: too much, too deep, or not readable here. */
export function notFollowed(): AppError {
  return new AppError('read_only', say('sql.run.notFollowed'), { hint: say('sql.run.notFollowedHint') });
}
