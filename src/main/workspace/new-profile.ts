import { randomUUID } from 'node:crypto';
import type { ConnectionFields, WorkspaceSettings } from '../../shared/contract/workspace';
import { AppError } from '../../shared/errors';
import { say } from '../kernel/say';
import type { Profile } from './profiles';

/** A server's profile, never opened yet. Throws `validation` for a time zone that does not exist. */
export function serverProfile(
  id: string,
  connection: ConnectionFields,
  settings: WorkspaceSettings,
): Profile {
  checkTimeZone(settings.reportingTimeZone);
  return {
    id,
    kind: 'server',
    ...connection,
    ...settings,
    litellm: null,
    superuserAccepted: null,
    lastOpenedAt: null,
  };
}

/** The profile of the local database. */
export function localProfile(server: {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
}): Profile {
  const { host, port, database, user } = server;
  return {
    id: randomUUID(),
    name: say('workspace.profile.localName'),
    kind: 'local',
    environmentLabel: 'local',
    colour: '',
    host,
    port,
    socketFolder: null,
    database,
    user,
    tlsMode: 'disable',
    caFile: null,
    clientCertificateFile: null,
    clientKeyFile: null,
    channelBinding: 'prefer',
    weakSignInAllowed: false,
    access: 'administer',
    litellm: null,
    operatorUserId: null,
    reportingTimeZone: 'UTC',
    runsDue: false,
    superuserAccepted: null,
    lastOpenedAt: null,
  };
}

export function checkTimeZone(zone: string): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
  } catch (cause) {
    throw new AppError('validation', say('workspace.profile.timeZoneUnknown', { zone }), {
      hint: say('workspace.profile.timeZoneUnknownHint'),
      details: { field: 'reportingTimeZone' },
      cause,
    });
  }
}
