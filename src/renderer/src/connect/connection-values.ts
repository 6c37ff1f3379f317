import type { ConnectionFields, tlsModes, WorkspaceSettings } from '../../../shared/contract/workspace';

type TlsMode = (typeof tlsModes)[number];

/** What stands in the form: text as typed, beside what it is sent as. Empty text means "none". */
export interface ConnectionValues {
  /** Whether the server is reached over TCP or through the folder of its socket. */
  way: 'host' | 'socket';
  host: string;
  port: string;
  socketFolder: string;
  database: string;
  user: string;
  tlsMode: TlsMode;
  /** The mode was chosen, not derived from the host: it stays when the host changes. */
  tlsModeChosen: boolean;
  caFile: string;
  clientCertificateFile: string;
  clientKeyFile: string;
  channelBinding: ConnectionFields['channelBinding'];
  weakSignInAllowed: boolean;
  password: string;
  /** The pasted URI whose password is meant; empty when none was pasted or it held none. */
  uri: string;
  /** Where that URI leads, by {@link passwordTarget}: its password is used there only. */
  uriTarget: string;
  rememberPassword: boolean;
  /** Where the person chose to be a superuser, by {@link superuserTarget}; empty when they did not. */
  superuserTarget: string;
  name: string;
  environmentLabel: string;
  colour: WorkspaceSettings['colour'];
  access: WorkspaceSettings['access'];
  operatorUserId: string | null;
  reportingTimeZone: string;
  runsDue: boolean;
}

/** What is known of a server: the fields that are absent or undefined are not. */
export type KnownFields = { readonly [Key in keyof ConnectionFields]?: ConnectionFields[Key] | undefined };

/** A form that nobody filled in yet: read-only, remembered, verified. */
export function emptyValues(): ConnectionValues {
  return {
    way: 'host',
    host: '',
    port: '5432',
    socketFolder: '',
    database: '',
    user: '',
    tlsMode: 'verify-full',
    tlsModeChosen: false,
    caFile: '',
    clientCertificateFile: '',
    clientKeyFile: '',
    channelBinding: 'prefer',
    weakSignInAllowed: false,
    password: '',
    uri: '',
    uriTarget: '',
    rememberPassword: true,
    superuserTarget: '',
    name: '',
    environmentLabel: '',
    colour: '',
    access: 'read-only',
    operatorUserId: null,
    reportingTimeZone: 'UTC',
    runsDue: false,
  };
}

/** True for names and addresses that never leave this machine. */
export function isThisMachine(host: string): boolean {
  const name = host.trim().toLowerCase();
  return name === 'localhost' || name === '::1' || /^127(?:\.\d{1,3}){3}$/.test(name);
}

/** How a host is reached where nothing else was chosen. */
export function defaultTlsMode(host: string): TlsMode {
  return isThisMachine(host) ? 'disable' : 'verify-full';
}

/** The form's text as the contract wants it. Not checked: the contract does that. */
export function toConnection(values: ConnectionValues): ConnectionFields {
  const isSocket = values.way === 'socket';
  const tlsMode = isSocket ? 'disable' : values.tlsMode;
  const file = (path: string, isUsed: boolean): string | null =>
    isUsed && path.trim() !== '' ? path.trim() : null;
  return {
    host: isSocket ? null : values.host.trim(),
    port: /^\d+$/.test(values.port.trim()) ? Number(values.port) : Number.NaN,
    socketFolder: isSocket ? values.socketFolder.trim() : null,
    database: values.database,
    user: values.user,
    tlsMode,
    caFile: file(values.caFile, verifies(tlsMode)),
    clientCertificateFile: file(values.clientCertificateFile, tlsMode !== 'disable'),
    clientKeyFile: file(values.clientKeyFile, tlsMode !== 'disable'),
    channelBinding: tlsMode === 'disable' ? 'prefer' : values.channelBinding,
    weakSignInAllowed: !verifies(tlsMode) && values.weakSignInAllowed,
  };
}

/** True for the modes that check who answers, and so can use a CA file. */
export function verifies(tlsMode: TlsMode): boolean {
  return tlsMode === 'verify-ca' || tlsMode === 'verify-full';
}

/** @param suggestedName is used where no name was typed. */
export function toSettings(values: ConnectionValues, suggestedName: string): WorkspaceSettings {
  const { environmentLabel, colour, access, operatorUserId, reportingTimeZone, runsDue } = values;
  const name = values.name.trim() === '' ? suggestedName.slice(0, 80) : values.name;
  return { name, environmentLabel, colour, access, operatorUserId, reportingTimeZone, runsDue };
}

/** How the password travels: typed, in the pasted URI, or not at all. What was typed goes first. */
export function toPassword(values: ConnectionValues): { password?: string; uri?: string } {
  if (values.password !== '') return { password: values.password };
  return passwordOfUri(values) === 'used' ? { uri: values.uri } : {};
}

/** What becomes of the password in the pasted URI: it is given to nobody but the server and user it stood beside. */
export function passwordOfUri(values: ConnectionValues): 'none' | 'used' | 'elsewhere' {
  if (values.uri === '') return 'none';
  return passwordTarget(toConnection(values)) === values.uriTarget ? 'used' : 'elsewhere';
}

/** Names the server and the user that a password belongs to. */
export function passwordTarget({ host, port, socketFolder, user }: ConnectionFields): string {
  return JSON.stringify([host, port, socketFolder, user]);
}

/** Names what the choice to be a superuser is made for: server, database and role. */
export function superuserTarget(values: ConnectionValues): string {
  const { host, port, socketFolder, database, user } = toConnection(values);
  return JSON.stringify([host, port, socketFolder, database, user]);
}

/** True where the person chose to be a superuser in exactly the database that stands in the form. */
export function choosesSuperuser(values: ConnectionValues): boolean {
  return values.superuserTarget === superuserTarget(values);
}

/** What is known of a server, as text for the form; what is not known stays as it is. */
export function fromConnection(fields: KnownFields): Partial<ConnectionValues> {
  const { host, port, socketFolder, tlsMode } = fields;
  const known: Partial<ConnectionValues> = {};
  if (isGiven(socketFolder)) Object.assign(known, { way: 'socket', socketFolder });
  else if (isGiven(host)) Object.assign(known, { way: 'host', host, tlsMode: defaultTlsMode(host) });
  if (port !== undefined) known.port = String(port);
  if (tlsMode !== undefined) {
    known.tlsMode = tlsMode;
    // What is only usual for this host must not stay for another: nothing is encrypted on this machine.
    known.tlsModeChosen = !isGiven(host) || tlsMode !== defaultTlsMode(host);
  }
  for (const field of ['database', 'user', 'caFile', 'clientCertificateFile', 'clientKeyFile'] as const) {
    const text = fields[field];
    if (text !== undefined) known[field] = text ?? '';
  }
  if (fields.channelBinding !== undefined) known.channelBinding = fields.channelBinding;
  if (fields.weakSignInAllowed !== undefined) known.weakSignInAllowed = fields.weakSignInAllowed;
  return known;
}

function isGiven(text: string | null | undefined): text is string {
  return text !== undefined && text !== null;
}

/** True when a stored password cannot be meant any more: it is bound to server, database and role. */
export function isOtherTarget(before: ConnectionFields, after: ConnectionFields): boolean {
  return (
    before.host !== after.host ||
    before.port !== after.port ||
    before.socketFolder !== after.socketFolder ||
    before.database !== after.database ||
    before.user !== after.user
  );
}

/** True when anything about where and how to connect differs. */
export function isOtherConnection(before: ConnectionFields, after: ConnectionFields): boolean {
  return (
    isOtherTarget(before, after) ||
    before.tlsMode !== after.tlsMode ||
    before.caFile !== after.caFile ||
    before.clientCertificateFile !== after.clientCertificateFile ||
    before.clientKeyFile !== after.clientKeyFile ||
    before.channelBinding !== after.channelBinding ||
    before.weakSignInAllowed !== after.weakSignInAllowed
  );
}
