import { EventEmitter } from 'node:events';
import { requireReady, isReady } from './lifecycle';
import { strict } from './strict';

type SchemeHandler = (request: Request) => Response | Promise<Response>;
type PermissionRequestHandler = (
  contents: object | null,
  permission: string,
  answer: (granted: boolean) => void,
  details: { requestingUrl: string; isMainFrame: boolean },
) => void;
type PermissionCheckHandler = (
  contents: object | null,
  permission: string,
  requestingOrigin: string,
  details: { requestingUrl: string; isMainFrame: boolean },
) => boolean;
type BeforeRequest = (details: { url: string }, answer: (decision: { cancel?: boolean }) => void) => void;

export interface Scheme {
  readonly scheme: string;
  readonly privileges: Record<string, boolean>;
}

/** What was registered; the questions of a test read it. */
export const recorded = {
  schemes: null as readonly Scheme[] | null,
  permissionRequest: null as PermissionRequestHandler | null,
  permissionCheck: null as PermissionCheckHandler | null,
  devicePermission: null as (() => boolean) | null,
};
const schemeHandlers = new Map<string, SchemeHandler>();
let beforeRequest: BeforeRequest | null = null;

const sessionProtocol = strict('protocol', {
  registerSchemesAsPrivileged(schemes: readonly Scheme[]) {
    if (isReady())
      throw new Error('protocol.registerSchemesAsPrivileged should be called before app is ready');
    if (recorded.schemes !== null)
      throw new Error('protocol.registerSchemesAsPrivileged can be called only once');
    recorded.schemes = structuredClone(schemes);
  },
  handle(scheme: string, handler: SchemeHandler) {
    requireReady('protocol');
    if (schemeHandlers.has(scheme)) throw new Error(`Failed to register protocol: ${scheme}`);
    schemeHandlers.set(scheme, handler);
  },
});
export const protocol = sessionProtocol;

class Session extends EventEmitter {
  readonly protocol = sessionProtocol;
  readonly webRequest = strict('webRequest', {
    onBeforeRequest(listener: BeforeRequest) {
      beforeRequest = listener;
    },
  });
  setPermissionRequestHandler(handler: PermissionRequestHandler): void {
    recorded.permissionRequest = handler;
  }
  setPermissionCheckHandler(handler: PermissionCheckHandler): void {
    recorded.permissionCheck = handler;
  }
  setDevicePermissionHandler(handler: () => boolean): void {
    recorded.devicePermission = handler;
  }
}

const defaultSession = new Session();
export const session = {
  get defaultSession(): Session {
    requireReady('session');
    return strict('session', defaultSession);
  },
};

/** Something wants to be saved; answers whether the program let it. */
export function startDownload(): boolean {
  let prevented = false;
  defaultSession.emit('will-download', { preventDefault: () => (prevented = true) });
  return !prevented;
}

/**
 * A request of a page as Chromium would make it: the address is normalised first, then the scheme's handler answers.
 * The session's webRequest is asked about the network's schemes only: whether it hears of a custom one is not said, so
 * nothing may rest on it. Throws for what a page could not load at all.
 */
export async function request(address: string, method = 'GET'): Promise<Response> {
  const url = new URL(address);
  const scheme = url.protocol.slice(0, -1);
  const isCustom = recorded.schemes?.some((known) => known.scheme === scheme) === true;
  if (!isCustom && !(await isLetThrough(url.href))) throw new Error('net::ERR_BLOCKED_BY_CLIENT');
  const handler = schemeHandlers.get(scheme);
  if (!handler) throw new Error('net::ERR_UNKNOWN_URL_SCHEME');
  if (!recorded.schemes?.some((known) => known.scheme === scheme && known.privileges.standard)) {
    throw new Error(`${scheme} is no standard scheme`);
  }
  const answer = await handler(new Request(url.href, { method }));
  if (!(answer instanceof Response)) throw new Error('net::ERR_UNEXPECTED');
  return answer;
}

export async function isLetThrough(url: string): Promise<boolean> {
  const listener = beforeRequest;
  if (!listener) return true;
  return new Promise((resolve) => listener({ url }, ({ cancel }) => resolve(cancel !== true)));
}
