import { randomBytes } from 'node:crypto';
import { sessionEnded } from './refusal';
import { digestOf, matches, newSecret } from './secrets';

const maxSessions = 16;

/** One browser that was let in, with the calls it has under way. */
export interface Session {
  /** Sent by the page's script; another port of this host never sees it, unlike the cookie. */
  readonly header: string;
  readonly cookie: string;
  /** Aborts the call with this id. */
  readonly calls: Map<string, AbortController>;
  /** Aborted when the session ends, for whatever reason. */
  readonly ended: AbortController;
}

export interface Sessions {
  readonly cookieName: string;
  /** A new session, or the live one this browser already has: a second tab must not end the first. */
  start(cookieHeader: string | undefined): Session;
  /** Throws a 401 unless cookie and header belong to the same live session. */
  require(cookieHeader: string | undefined, header: string | undefined): Session;
  /** The live session of the cookie alone: enough only together with a ticket. Throws a 401. */
  requireCookie(cookieHeader: string | undefined): Session;
  /** A person's request: the session stays for another idle time. */
  touch(session: Session): void;
  end(session: Session): void;
  endAll(): void;
}

interface Options {
  readonly idleTimeoutMs: number;
  readonly now: () => number;
}

/** Keeps the sessions of one server. The cookie's name tells servers on different ports of one host apart. */
export function createSessions({ idleTimeoutMs, now }: Options): Sessions {
  const cookieName = `litemaas-${randomBytes(6).toString('hex')}`;
  const byCookie = new Map<string, Session>();
  const lastSeenAt = new Map<Session, number>();

  const keyOf = (cookie: string): string => digestOf(cookie).toString('hex');

  function end(session: Session): void {
    byCookie.delete(keyOf(session.cookie));
    lastSeenAt.delete(session);
    session.ended.abort();
    for (const call of session.calls.values()) call.abort();
  }

  function endIdle(): void {
    for (const [session, seenAt] of lastSeenAt) if (now() - seenAt >= idleTimeoutMs) end(session);
  }

  // A page that only waits sends nothing that could notice the end.
  const sweep = setInterval(endIdle, Math.min(30_000, Math.max(50, idleTimeoutMs / 4)));
  sweep.unref();

  function find(cookieHeader: string | undefined): Session | undefined {
    endIdle();
    for (const cookie of cookiesNamed(cookieName, cookieHeader)) {
      const session = byCookie.get(keyOf(cookie));
      if (session) return session;
    }
    return undefined;
  }

  function touch(session: Session): void {
    if (session.ended.signal.aborted) return;
    lastSeenAt.delete(session);
    lastSeenAt.set(session, now());
  }

  function requireCookie(cookieHeader: string | undefined): Session {
    const session = find(cookieHeader);
    if (!session) throw sessionEnded();
    return session;
  }

  return {
    cookieName,
    requireCookie,
    touch,
    end,
    start(cookieHeader) {
      const session = find(cookieHeader) ?? {
        header: newSecret(),
        cookie: newSecret(),
        calls: new Map(),
        ended: new AbortController(),
      };
      byCookie.set(keyOf(session.cookie), session);
      touch(session);
      const longestIdle = lastSeenAt.keys().next().value;
      if (lastSeenAt.size > maxSessions && longestIdle) end(longestIdle);
      return session;
    },
    require(cookieHeader, header) {
      const session = requireCookie(cookieHeader);
      if (header === undefined || !matches(header, digestOf(session.header))) throw sessionEnded();
      return session;
    },
    endAll() {
      clearInterval(sweep);
      for (const session of [...lastSeenAt.keys()]) end(session);
    },
  };
}

/** Every value of that name: a page on another port can add a second cookie but must not hide the first. */
function cookiesNamed(name: string, cookieHeader: string | undefined): string[] {
  return (cookieHeader ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
}
