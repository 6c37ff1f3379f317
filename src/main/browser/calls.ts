import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Answer } from '../../shared/bridge';
import { maxCallsAtOnce } from '../../shared/calls-at-once';
import type { Console } from '../console';
import type { Downloads } from './downloads';
import { readJsonBody } from './read-json-body';
import { Refusal, sessionEnded } from './refusal';
import type { Session, Sessions } from './sessions';
import { say } from '../kernel/say';

const callIdForm = /^[\w-]{1,64}$/;

interface Context {
  readonly console: Pick<Console, 'call'>;
  readonly sessions: Sessions;
  readonly downloads: Downloads;
  readonly bodyTimeoutMs: number;
}

/**
 * Runs one procedure. Its signal is aborted by `POST /api/cancel`, by the end of the session, and when the
 * browser goes away. Throws a Refusal for what the transport itself refuses.
 */
export async function runCall(
  context: Context,
  session: Session,
  target: { readonly area: string; readonly procedure: string },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<Answer<unknown>> {
  const { sessions, downloads } = context;
  const { input, callId } = await readJsonBody(request, context.bodyTimeoutMs);
  if (session.ended.signal.aborted) throw sessionEnded();
  if (typeof callId !== 'string' || !callIdForm.test(callId) || session.calls.has(callId)) {
    throw new Refusal(400, 'validation', say('hosts.noCallId'));
  }
  if (session.calls.size >= maxCallsAtOnce) {
    throw new Refusal(429, 'busy', say('hosts.tooMany'), say('hosts.tooManyHint'));
  }
  // The page's long poll waits on its own: it does not mean that a person is there.
  const isPerson = !(target.area === 'app' && target.procedure === 'watch');
  if (isPerson) sessions.touch(session);
  const controller = new AbortController();
  session.calls.set(callId, controller);
  const onGone = (): void => {
    controller.abort();
  };
  response.once('close', onGone);
  try {
    const answer = await context.console.call(
      { ...target, input },
      {
        signal: controller.signal,
        deliverFile: (content) =>
          Promise.resolve({
            state: 'ticket',
            ticket: downloads.offer(content, session),
            name: content.suggestedName,
          }),
      },
    );
    if (session.ended.signal.aborted) throw sessionEnded();
    if (isPerson) sessions.touch(session);
    return answer;
  } finally {
    response.off('close', onGone);
    session.calls.delete(callId);
  }
}

/** Aborts a call under way; an unknown id is ignored, since its answer may be on its way. */
export async function cancelCall(
  context: Context,
  session: Session,
  request: IncomingMessage,
): Promise<void> {
  const { callId } = await readJsonBody(request, context.bodyTimeoutMs);
  if (typeof callId === 'string') session.calls.get(callId)?.abort();
}
