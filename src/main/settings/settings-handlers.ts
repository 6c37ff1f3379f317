import { finished } from 'node:stream/promises';
import { toErrorEnvelope } from '../router/error-envelope';
import type { AppCall, AreaHandlers, FileContent } from '../router/handlers';
import type { DataFolder } from '../files/data-folder';
import { describeLocation } from '../workspace/describe-location';
import type { ProfileStore } from '../workspace/profiles';
import type { SecretStore } from '../workspace/secrets';
import type { Session } from '../workspace/session';
import { about } from './about';
import { findConfidential } from './confidential';
import { readDatabaseFacts } from './database-facts';
import { type DiagnosticsInput, diagnosticsText } from './diagnostics';
import { readLogTail } from './log-tail';
import { changeReportingTimeZone, previewReportingTimeZone } from './reporting-time-zone';

const diagnosticsLogLines = 500;

interface SettingsHandlersOptions {
  readonly host: 'desktop' | 'browser';
  readonly version: string;
  readonly folder: DataFolder;
  readonly migrationsFolder: string;
  readonly session: Session;
  readonly profiles: ProfileStore;
  readonly secrets: SecretStore;
  readonly now?: () => Date;
}

/** Settings, what runs here, and the diagnostics file. */
export function createSettingsHandlers(options: SettingsHandlersOptions): AreaHandlers<'settings'> {
  const { migrationsFolder, session, profiles, secrets, now = () => new Date() } = options;

  async function workspaceFacts(signal: AbortSignal): Promise<DiagnosticsInput['workspace']> {
    const workspace = session.current();
    if (workspace === null) return null;
    const { profile, database, reportingTimeZone } = workspace;
    return {
      kind: profile.kind,
      access: profile.access,
      tlsMode: profile.tlsMode,
      location: describeLocation(database.config),
      schema: session.schema(),
      reportingTimeZone,
      database: await readDatabaseFacts(database, migrationsFolder, signal).catch((error: unknown) => ({
        failed: toErrorEnvelope(error).message,
      })),
    };
  }

  async function diagnostics(withAddresses: boolean, { signal }: AppCall): Promise<string> {
    const versions = await about(options);
    const known = (await profiles.load()).profiles;
    return diagnosticsText(
      {
        writtenAt: now(),
        about: versions,
        secretStore: await secrets.status(),
        workspaceCount: known.length,
        workspace: await workspaceFacts(signal),
        logLines: await readLogTail(versions.folders.log, diagnosticsLogLines),
      },
      await findConfidential(session.current(), known, withAddresses),
    );
  }

  return {
    about: () => about(options),
    previewReportingTimeZone,
    changeReportingTimeZone,
    diagnostics: async ({ withAddresses }, call) => ({ text: await diagnostics(withAddresses, call) }),
    exportDiagnostics: ({ withAddresses }, call): Promise<FileContent> =>
      Promise.resolve({
        suggestedName: `litemaas-console-diagnostics-${now().toISOString().slice(0, 10)}.json`,
        contentType: 'application/json',
        async write(target, signal) {
          const text = await diagnostics(withAddresses, { ...call, signal });
          target.end(text);
          await finished(target);
        },
      }),
  };
}
