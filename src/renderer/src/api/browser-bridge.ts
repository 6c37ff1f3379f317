import type { Answer, Bridge } from '../../../shared/bridge';
import { procedureNames } from '../../../shared/contract/names';
import type { ErrorEnvelope } from '../../../shared/errors';
import { openSession, storeSession } from './browser-session';

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
  const exchange = (token: string): Promise<unknown> => post(null, '/session', { token });
  const session = openSession(exchange);
  let hasEnded = false;
  const reading = new Map<string, AbortController>();

  async function call(name: string, kind: string, input: unknown, callId: string): Promise<Answer<unknown>> {
    const controller = new AbortController();
    const { signal } = controller;
    // A query that nobody waits for frees one of the few connections a browser has; the server notices and stops
    // it. Of a change only the console knows whether it was made, so its answer is always waited for.
    if (kind === 'query') reading.set(callId, controller);
    const header = await session;
    const send = (id: string, until: AbortSignal): Promise<Answer<unknown>> =>
      post(header, `/api/${name}`, { input, callId: id }, until);
    const answer = await (name === 'app/watch' ? whileVisible(send, signal) : send(callId, signal));
    reading.delete(callId);
    if (!answer.ok && answer.error.code === 'session_ended') forget(header);
    return answer;
  }

  function forget(header: string | null): void {
    storeSession(null);
    if (header === null || hasEnded) return;
    hasEnded = true;
    // Without a token: the console prints a new address, which is what the person is told to open.
    void exchange('');
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
      storeSession(null);
    },
  };
  // Built from the list of names that a test compares with the contract, which the compiler can't see.
  return { ...(Object.fromEntries(areas) as Omit<Bridge, 'host'>), host };
}

/**
 * The long poll of a tab in the background ends and begins again when the tab shows: a browser opens six
 * connections to one host for all its tabs, and six waiting tabs would leave none to ask anything with.
 */
async function whileVisible(
  send: (callId: string, signal: AbortSignal) => Promise<Answer<unknown>>,
  signal: AbortSignal,
): Promise<Answer<unknown>> {
  for (;;) {
    const changed = new AbortController();
    const onChange = (): void => changed.abort();
    document.addEventListener('visibilitychange', onChange);
    const until = AbortSignal.any([signal, changed.signal]);
    const answer = document.hidden ? await ended(until) : await send(crypto.randomUUID(), until);
    document.removeEventListener('visibilitychange', onChange);
    if (signal.aborted || !changed.signal.aborted) return answer;
  }
}

function ended(signal: AbortSignal): Promise<Answer<unknown>> {
  return new Promise((resolve) => {
    const onAbort = (): void => resolve({ ok: false, error: cancelled });
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort);
  });
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
    const value = (await response.json()) as Answer<unknown> & Partial<ErrorEnvelope>;
    if (response.ok) return value;
    // Another program may have taken the port over: what it answers is no envelope.
    return { ok: false, error: typeof value.code === 'string' ? (value as ErrorEnvelope) : unreachable };
  } catch {
    return { ok: false, error: signal?.aborted ? cancelled : unreachable };
  }
}
