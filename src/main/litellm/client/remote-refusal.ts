import { redact } from '../../../shared/redact';
import { parseExactJson } from '../../kernel/exact-json';
import { say } from '../../kernel/say';

/** What a proxy (or something in front of it) said when it did not answer 200. */
export interface RemoteRefusal {
  readonly status: number;
  /** Without secrets, on one line, at most {@link maxMessageLength} characters. */
  readonly message: string;
  /** LiteLLM's error type such as `auth_error`; null where the body has none. */
  readonly type: string | null;
  /** The body was no JSON of LiteLLM's: a reverse proxy answered. */
  readonly foreign: boolean;
}

const maxMessageLength = 300;

/**
 * Reads the four shapes of LiteLLM's error bodies in the order of the API reference (§1.0): `error` envelope, FastAPI
 * `detail` (text, `{error}` or `{message}`), validation list, problem document.
 */
export function readRefusal(status: number, body: string): RemoteRefusal {
  const refusal = (message: string, type: string | null): RemoteRefusal => ({
    status,
    message: presentable(message),
    type,
    foreign: false,
  });
  const content = objectOf(parsed(body));
  if (content === null) return { status, message: foreignMessage(status), type: null, foreign: true };
  const error = content['error'];
  if (error !== undefined) {
    const fields = objectOf(error);
    if (fields === null) return refusal(textOf(error) ?? JSON.stringify(error), null);
    return refusal(pythonText(textOf(fields['message']) ?? `HTTP ${status}`), textOf(fields['type']));
  }
  const detail = content['detail'];
  if (Array.isArray(detail)) return refusal(detail.map(issueText).join('; '), 'validation');
  const title = textOf(content['title']);
  if (title !== null)
    return refusal([title, textOf(detail)].filter(Boolean).join(': '), textOf(content['type']));
  const fields = objectOf(detail);
  if (fields !== null) {
    const inner = fields['error'] ?? fields['message'];
    return refusal(textOf(inner) ?? textOf(objectOf(inner)?.['message']) ?? JSON.stringify(fields), null);
  }
  return refusal(textOf(detail) ?? `HTTP ${status}`, null);
}

/** Licence refusals come as 400, 403 or 500: only their words tell (API reference §1.0). */
export function isLicenceRefusal({ message }: RemoteRefusal): boolean {
  return /enterprise|premium/i.test(message);
}

/**
 * How a write was refused: for good, because a person must change something (`rules`, `licence`, `not_allowed`), for now,
 * or so that nobody knows whether it was done.
 */
export type RefusalKind = 'rules' | 'licence' | 'not_allowed';

const refusedForNow = new Set([425, 429]);

/** Tells refusals of a write apart by status, then by text: LiteLLM's `type` often says nothing. */
export function refusalKind(refusal: RemoteRefusal): RefusalKind | 'for_now' | 'not_known' {
  const { status } = refusal;
  if (refusedForNow.has(status)) return 'for_now';
  if (isLicenceRefusal(refusal)) return 'licence';
  // Whatever the status says: without its database LiteLLM has done nothing.
  if (refusal.type === 'no_db_connection') return 'for_now';
  if (status >= 500 || status === 408) return 'not_known';
  // A 403 may be a rule as well: who is in a team, whose limits are lower.
  const isAboutKey = status === 401 || /not allowed to access|only proxy admin|role=/i.test(refusal.message);
  return (status === 401 || status === 403) && isAboutKey ? 'not_allowed' : 'rules';
}

/** Older releases answer 500 with this text while no model is configured (API reference §1.2, pitfall f). */
export function isEmptyRouter(message: string): boolean {
  return /LLM Model List not loaded/i.test(message);
}

function parsed(body: string): unknown {
  try {
    return parseExactJson(body);
  } catch {
    return undefined;
  }
}

function objectOf(value: unknown): Record<string, unknown> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function foreignMessage(status: number): string {
  return say('litellm.failure.foreign', { status });
}

function issueText(issue: unknown): string {
  const fields = objectOf(issue);
  const place = fields?.['loc'];
  const where = Array.isArray(place) ? place.map(String).join('.') : '';
  return `${where}: ${textOf(fields?.['msg']) ?? 'invalid'}`;
}

/** LiteLLM often sends the Python text of a dict: `{'error': 'User not found'}`. */
function pythonText(message: string): string {
  const match = /^\{\s*['"](?:error|message)['"]\s*:\s*(['"])(.*)\1\s*\}$/s.exec(message);
  return match?.[2] ?? message;
}

/** Hashes of keys are no credentials, but nothing that belongs to a key needs to be in a message either. */
function presentable(message: string): string {
  const line = redact(message)
    .replace(/\b([0-9a-f]{8})[0-9a-f]{56}\b/gi, '$1…')
    .replace(/\s+/g, ' ')
    .trim();
  return line.length > maxMessageLength ? `${line.slice(0, maxMessageLength - 1)}…` : line;
}
