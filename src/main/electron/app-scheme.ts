import { protocol, type Session } from 'electron';
import { answerPageRequest, appScheme, type ReadPageFile } from './page-answer';

/** Makes the scheme a proper origin with fetch and code cache. Electron allows it once, before it is ready. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    {
      scheme: appScheme,
      privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
    },
  ]);
}

/** Answers the scheme's requests in a session with files of the built renderer, and with nothing else. */
export function serveAppScheme(session: Session, readPageFile: ReadPageFile): void {
  session.protocol.handle(appScheme, (request) => answerPageRequest(request, readPageFile));
}
