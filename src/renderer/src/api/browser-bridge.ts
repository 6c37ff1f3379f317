import type { Answer, Bridge } from '../../../shared/bridge';
import { procedureNames } from '../../../shared/contract/names';
import type { ErrorEnvelope } from '../../../shared/errors';

const storageKey = 'litemaas.session';
const tokenInHash = /^#token=([\w-]+)$/;

/** The server has no session for this page, or it ended. */
const sessionEnded: ErrorEnvelope = {
  code: 'session_ended',
  message: 'This page has no session with the console, or the session has ended.',
  hint: 'Open the newest address that the console printed where it was started.',
};
const unreachable: ErrorEnvelope = {
  code: 'console_unreachable',
  message: 'The console does not answer: it was stopped, or the tunnel to it is closed.',
  hint: 'Start it again and open the address it prints.',
};
const cancelled: ErrorEnvelope = { code: 'cancelled', message: 'Cancelled.' };

/**
 * The bridge of browser mode: the contract over HTTP, for a page without `window.litemaas`. Call it once, before
 * the router reads the address: it takes the one-time token out of it.
 */
export function createBrowserBridge(): Bridge {
  const session = openSession();
  const reading = new Map<string, AbortController>();

  async function call(name: string, kind: string, input: unknown, callId: string): Promise<Answer<unknown>> {
    const controller = new AbortController();
    // A query that nobody waits for frees one of the few connections a browser has; the server notices and stops
    // it. Of a change only the console knows whether it was made, so its answer is always waited for.
    if (kind === 'query') reading.set(callId, controller);
    try {
      const answer = await post(await session, `/api/${name}`, { input, callId }, controller.signal);
      // The next load then asks for a new address instead of trying what has ended.
      if (!answer.ok && answer.error.code === 'session_ended') store(null);
      return answer;
    } finally {
      reading.delete(callId);
    }
  }

  const areas = Object.entries(procedureNames).map(([area, procedures]) => [
    area,
    Object.fromEntries(
      Object.entries(procedures).map(([procedure, kind]) => [
        procedure,
        (input: unknown, callId: string) => call(`${area}/${procedure}`, kind, input, callId),
      ]),
    ),
  ]);
  const host: Bridge['host'] = {
    kind: 'browser',
    cancel(callId) {
      const query = reading.get(callId);
      if (query) query.abort();
      else void session.then((header) => post(header, '/api/cancel', { callId }));
    },
    downloadTicket(ticket, name) {
      const link = document.createElement('a');
      link.href = `/download/${ticket}`;
      link.download = name;
      link.click();
    },
    async endSession() {
      await post(await session, '/session/end', {});
      store(null);
    },
  };
  // The areas are built from the same list of names that the contract is tested against.
  return { ...Object.fromEntries(areas), host } as unknown as Bridge;
}

/** The session header's value; null without a session. */
async function openSession(): Promise<string | null> {
  // A new address typed into this tab changes only the hash: the page must load anew to use it.
  window.addEventListener('hashchange', () => {
    if (tokenInHash.test(location.hash)) location.reload();
  });
  const token = tokenInHash.exec(location.hash)?.[1];
  const kept = stored();
  if (token === undefined && kept !== null) return kept;
  if (token !== undefined) history.replaceState(null, '', location.pathname);
  // Without a token this makes the console print a new address where it was started.
  const answer = await post(null, '/session', { token: token ?? '' });
  const header = (answer as { session?: string }).session;
  if (header === undefined) return kept;
  store(header);
  return header;
}

/** The JSON of a 200 answer as it is; everything else as a failed answer. Never rejects. */
async function post(
  header: string | null,
  path: string,
  body: object,
  signal: AbortSignal | null = null,
): Promise<Answer<unknown>> {
  try {
    const response = await fetch(path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...(header ? { 'X-LiteMaaS-Session': header } : {}) },
      body: JSON.stringify(body),
      signal,
      cache: 'no-store',
      redirect: 'error',
    });
    const value: unknown = await response.json();
    if (response.ok) return value as Answer<unknown>;
    return { ok: false, error: value as ErrorEnvelope };
  } catch {
    return { ok: false, error: signal?.aborted ? cancelled : unreachable };
  }
}

function stored(): string | null {
  return sessionStorage.getItem(storageKey);
}

function store(header: string | null): void {
  if (header === null) sessionStorage.removeItem(storageKey);
  else sessionStorage.setItem(storageKey, header);
}
