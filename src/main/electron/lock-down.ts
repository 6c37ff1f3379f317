import type { Session, WebContents } from 'electron';
import { noUdp } from './close-network';
import { safeOpenExternal } from './safe-open-external';
import type { TrustedPage } from './trusted-page';

/**
 * Denies a session every permission, device, download and network request; only our own page may be fetched, and
 * only it may put text on the clipboard (the copy buttons).
 */
export function lockDownSession(session: Session, page: TrustedPage, development: boolean): void {
  const isAllowed = (permission: string, address: string, isMainFrame: boolean): boolean =>
    permission === 'clipboard-sanitized-write' && isMainFrame && page.contains(address);
  session.setPermissionRequestHandler((_contents, permission, answer, { requestingUrl, isMainFrame }) =>
    answer(isAllowed(permission, requestingUrl, isMainFrame)),
  );
  session.setPermissionCheckHandler((_contents, permission, requestingOrigin, { isMainFrame }) =>
    isAllowed(permission, requestingOrigin, isMainFrame),
  );
  session.setDevicePermissionHandler(() => false);
  session.on('will-download', (event) => event.preventDefault());
  session.webRequest.onBeforeRequest((details, answer) => {
    answer({ cancel: !isOwnRequest(details.url, page, development) });
  });
}

/** The page stays where it is: no navigation, no second window, no webview. Known outside links open in the browser. */
export function lockDownContents(contents: WebContents, page: TrustedPage, development: boolean): void {
  // Says the same as the program's switches (close-network.ts), for each page.
  contents.setWebRTCIPHandlingPolicy(noUdp);
  contents.on('will-navigate', (event) => {
    // The development server reloads the page by navigating to it.
    if (!(development && page.contains(event.url))) event.preventDefault();
  });
  contents.on('will-frame-navigate', (event) => {
    if (!event.isMainFrame) event.preventDefault();
  });
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    safeOpenExternal(url);
    return { action: 'deny' };
  });
}

function isOwnRequest(address: string, page: TrustedPage, development: boolean): boolean {
  if (page.contains(address) || /^(?:data|blob):/.test(address)) return true;
  // Developer tools, and the socket over which the development server tells of changes.
  return development && (/^devtools:/.test(address) || page.contains(address.replace(/^ws/, 'http')));
}
