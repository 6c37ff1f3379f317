const storageKey = 'litemaas.session';
const tokenInHash = /^#token=([\w-]+)$/;
const otherTabsAnswerMs = 150;

/**
 * Finds the value of the session header: by exchanging the one-time token in the address (which is taken out of
 * it at once), from an earlier load of this tab, or from another tab of this console. Null without any of them.
 */
export async function openSession(exchange: (token: string) => Promise<unknown>): Promise<string | null> {
  const token = tokenInHash.exec(location.hash)?.[1];
  if (token !== undefined) history.replaceState(null, '', location.pathname);
  // A new address typed into this tab changes only the hash: the page must load anew to use it.
  window.addEventListener('hashchange', () => {
    if (tokenInHash.test(location.hash)) location.reload();
  });
  const channel = new BroadcastChannel(storageKey);
  const session =
    token === undefined
      ? (storedSession() ?? (await askOtherTabs(channel)) ?? (await exchanged('', exchange)))
      : ((await exchanged(token, exchange)) ?? storedSession());
  storeSession(session);
  answerOtherTabs(channel);
  return session;
}

/** Keeps the session for the next load of this tab; null forgets it. */
export function storeSession(session: string | null): void {
  if (session === null) sessionStorage.removeItem(storageKey);
  else sessionStorage.setItem(storageKey, session);
}

function storedSession(): string | null {
  return sessionStorage.getItem(storageKey);
}

/** A token that is not valid, and none at all, make the console print a new address where it was started. */
async function exchanged(
  token: string,
  exchange: (token: string) => Promise<unknown>,
): Promise<string | null> {
  const answer = (await exchange(token)) as { readonly session?: string };
  return answer.session ?? null;
}

/** A link opened in a new tab has no session of its own; only pages of the same origin hear this. */
function askOtherTabs(channel: BroadcastChannel): Promise<string | null> {
  return new Promise((resolve) => {
    channel.onmessage = ({ data }: MessageEvent<{ session?: string }>) => {
      if (data.session !== undefined) resolve(data.session);
    };
    channel.postMessage({});
    setTimeout(() => resolve(null), otherTabsAnswerMs);
  });
}

function answerOtherTabs(channel: BroadcastChannel): void {
  channel.onmessage = ({ data }: MessageEvent<{ session?: string }>) => {
    const session = storedSession();
    if (data.session === undefined && session !== null) channel.postMessage({ session });
  };
}
