import { AppError } from '../../../shared/errors';
import { type MainText, say } from '../../kernel/say';

const forbidden: readonly (readonly [RegExp, MainText])[] = [
  [/^\/health\/?$/, 'litellm.failure.paidCompletion'],
  [/^\/global\/spend\/reset\/?$/, 'litellm.failure.zeroesSpend'],
];

/** Endpoints that answer everything they have when these parameters are missing. */
const required: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^\/user\/info\/?$/, ['user_id']],
  [/^\/spend\/logs\/?$/, ['start_date', 'end_date']],
  [/^\/v2\/model\/info\/?$/, ['page', 'size']],
];

/**
 * Refuses requests that must never be made (design: "LiteLLM"), wherever in the console they come from.
 * @throws AppError `internal`: a programming error, not the person's.
 */
export function assertAllowed(path: string, query: Readonly<Record<string, unknown>>): void {
  for (const [pattern, reason] of forbidden) {
    if (pattern.test(path)) throw refused(path, say(reason));
  }
  for (const [pattern, names] of required) {
    const missing = names.filter((name) => query[name] === undefined || query[name] === '');
    if (pattern.test(path) && missing.length > 0) {
      throw refused(path, say('litellm.failure.answersEverything', { parameters: missing.join(', ') }));
    }
  }
}

function refused(path: string, reason: string): AppError {
  return new AppError('internal', say('litellm.failure.neverCalled', { path, reason }));
}
