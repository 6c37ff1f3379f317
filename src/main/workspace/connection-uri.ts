import { isIPv6 } from 'node:net';
import { isAbsolute } from 'node:path';
import { channelBindings } from '../../shared/contract/workspace';
import { AppError } from '../../shared/errors';
import { type MainText, say } from '../kernel/say';
import { closestWord } from './closest-word';
import { parseTlsMode, type TlsMode } from './tls-mode';

/** Where a database is and as whom it is opened; the fields of a profile that a URI can fill. */
export interface ConnectionTarget {
  /** Null when a socket is used. */
  readonly host: string | null;
  readonly port: number;
  readonly socketFolder: string | null;
  readonly database: string;
  readonly user: string;
  readonly tlsMode: TlsMode;
  readonly caFile: string | null;
  readonly clientCertificateFile: string | null;
  readonly clientKeyFile: string | null;
  readonly channelBinding: (typeof channelBindings)[number];
  /** No URI can ask for it: a person allows it, having read what it means. */
  readonly weakSignInAllowed: false;
}

export interface ParsedConnectionUri {
  readonly target: ConnectionTarget;
  /** Apart from the target, because it is kept elsewhere. Null when the URI has none. */
  readonly password: string | null;
  /** Parameters that were understood and make no difference here, such as `application_name`. */
  readonly ignored: readonly string[];
}

const defaultPort = 5432;
const used = [
  'host',
  'port',
  'user',
  'password',
  'dbname',
  'sslmode',
  'sslrootcert',
  'sslcert',
  'sslkey',
  'channel_binding',
];
/** The console sets these itself, or they only tune the connection. */
const harmless = [
  'application_name',
  'fallback_application_name',
  'client_encoding',
  'connect_timeout',
  'keepalives',
  'keepalives_count',
  'keepalives_idle',
  'keepalives_interval',
  'tcp_user_timeout',
  'gssencmode',
  'load_balance_hosts',
];
/** Leaving these out would make another connection than the one that was asked for; the catalogue says why. */
const unsupported = [
  'hostaddr',
  'options',
  'passfile',
  'requiressl',
  'service',
  'ssl',
  'sslcrl',
  'sslnegotiation',
  'sslpassword',
  'target_session_attrs',
] as const;

/**
 * Reads a PostgreSQL connection URI, strictly: what it can't honour it refuses by name, since a parameter that is
 * dropped silently (a typo in `sslmode`) opens another connection than the one asked for. Form and percent-encoding
 * are libpq's (PostgreSQL documentation, "Connection URIs"); one host only. Without `sslmode`, TLS is
 * `verify-full`, except for this machine.
 * Throws `validation`; its message never repeats the password.
 */
export function parseConnectionUri(text: string): ParsedConnectionUri {
  const trimmed = text.trim();
  const scheme = /^postgres(?:ql)?:\/\//i.exec(trimmed)?.[0];
  if (scheme === undefined) {
    throw invalid('notUri', 'notUriHint');
  }
  if (/\s/.test(trimmed)) throw invalid('space', 'spaceHint');
  const { authority, path, query } = splitUri(trimmed.slice(scheme.length));
  const { credentials, place } = splitAuthority(authority);
  const parameters = readParameters(query);
  const { host, port } = readPlace(place);

  const user = once('user', decodePart(credentials.user, 'user'), parameters.get('user'));
  if (user === '') throw invalid('noUser', 'noUserHint');
  const database = once('database', decodePart(path, 'database'), parameters.get('dbname'));
  const password = credentials.password === null ? undefined : decodePart(credentials.password, 'password');
  const server = readServer(once('host', host, parameters.get('host')));
  const tlsMode = parseTlsMode(parameters.get('sslmode'), server.host);
  const channelBinding = readChannelBinding(parameters.get('channel_binding'));
  if (channelBinding === 'require' && (tlsMode === 'disable' || server.host === null)) {
    throw invalid('channelBindingNeedsTls', 'channelBindingNeedsTlsHint');
  }
  const portText = once('port', port, parameters.get('port'));
  return {
    target: {
      ...server,
      port: portText === '' ? defaultPort : readPort(portText),
      // As in libpq: a database of the user's own name.
      database: database === '' ? user : database,
      user,
      tlsMode,
      caFile: readFilePath('sslrootcert', parameters.get('sslrootcert')),
      clientCertificateFile: readFilePath('sslcert', parameters.get('sslcert')),
      clientKeyFile: readFilePath('sslkey', parameters.get('sslkey')),
      channelBinding,
      weakSignInAllowed: false,
    },
    password: once('password', password ?? '', parameters.get('password')) || null,
    ignored: [...parameters.keys()].filter((name) => harmless.includes(name)),
  };
}

function splitUri(rest: string): { authority: string; path: string; query: string } {
  const questionMark = rest.indexOf('?');
  const beforeQuery = questionMark === -1 ? rest : rest.slice(0, questionMark);
  const query = questionMark === -1 ? '' : rest.slice(questionMark + 1);
  const slash = beforeQuery.indexOf('/');
  const authority = slash === -1 ? beforeQuery : beforeQuery.slice(0, slash);
  const path = slash === -1 ? '' : beforeQuery.slice(slash + 1);
  // An @ after the first slash or question mark means that one of these stands unencoded in the password.
  if (path.includes('@') || (query.includes('@') && !authority.includes('@'))) {
    throw invalid('slashInPassword', 'slashInPasswordHint');
  }
  if (path.includes('/')) throw invalid('slashInDatabase', 'slashInDatabaseHint');
  if (rest.includes('#')) throw invalid('hash', 'hashHint');
  return { authority, path, query };
}

function splitAuthority(authority: string): {
  credentials: { user: string; password: string | null };
  place: string;
} {
  const at = authority.indexOf('@');
  if (at === -1) return { credentials: { user: '', password: null }, place: authority };
  const place = authority.slice(at + 1);
  if (place.includes('@')) throw invalid('atInPassword', 'atInPasswordHint');
  const whole = authority.slice(0, at);
  const colon = whole.indexOf(':');
  const credentials =
    colon === -1
      ? { user: whole, password: null }
      : { user: whole.slice(0, colon), password: whole.slice(colon + 1) };
  return { credentials, place };
}

/** Host and port as text, "" where missing. An IPv6 address stands in brackets, else its colons look like a port. */
function readPlace(place: string): { host: string; port: string } {
  if (place.includes(',')) throw invalid('severalHosts', 'severalHostsHint');
  const bracketed = /^\[([^\]]*)\](?::(.*))?$/.exec(place);
  if (bracketed !== null) {
    const address = decodePart(bracketed[1] ?? '', 'host');
    if (!isIPv6(address)) throw invalid('notIpv6', null, { text: address });
    return { host: address, port: bracketed[2] ?? '' };
  }
  const [host = '', port = '', ...more] = place.split(':');
  if (more.length > 0 || /[[\]]/.test(place)) {
    throw invalid('place', 'placeHint');
  }
  return { host: decodePart(host, 'host'), port };
}

function readServer(host: string): { host: string | null; socketFolder: string | null } {
  if (host.startsWith('/')) return { host: null, socketFolder: host };
  if (host === '') return { host: 'localhost', socketFolder: null };
  if (!isIPv6(host) && !/^[\p{L}\p{N}._-]+$/u.test(host)) throw invalid('notHost', null, { text: host });
  return { host, socketFolder: null };
}

function readPort(text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port < 1 || port > 65_535) {
    // Not repeated: where the @ was forgotten, it is the password.
    throw invalid('port', 'portHint');
  }
  return port;
}

function readFilePath(name: string, path: string | undefined): string | null {
  // "system" is libpq's word for the certificates that the machine trusts anyway.
  if (path === undefined || path === '' || (name === 'sslrootcert' && path === 'system')) return null;
  if (!isAbsolute(path)) throw invalid('notAbsolute', null, { name, path });
  return path;
}

function readChannelBinding(text: string | undefined): ConnectionTarget['channelBinding'] {
  if (text === undefined || text === '') return 'prefer';
  const known = channelBindings.find((value) => value === text);
  if (known === undefined) throw invalid('channelBinding', 'channelBindingHint', { text });
  return known;
}

function readParameters(query: string): Map<string, string> {
  const parameters = new Map<string, string>();
  const problems: string[] = [];
  for (const pair of query.split('&')) {
    if (pair === '') continue;
    const [encodedName = '', encodedValue, ...more] = pair.split('=');
    const name = decodePart(encodedName, 'parameter');
    if (encodedValue === undefined || more.length > 0) {
      throw invalid('parameterForm', 'parameterFormHint', { name });
    }
    if (parameters.has(name)) throw invalid('parameterTwice', null, { name });
    const value = decodePart(encodedValue, 'value', name);
    const problem = parameterProblem(name, value);
    if (problem !== null) problems.push(problem);
    parameters.set(name, value);
  }
  if (problems.length > 0) {
    throw new AppError('validation', problems.join(' '), { hint: say('workspace.uri.parametersHint') });
  }
  return parameters;
}

function parameterProblem(name: string, value: string): string | null {
  if (used.includes(name) || harmless.includes(name)) return null;
  // This value asks for nothing.
  if (name === 'target_session_attrs' && value === 'any') return null;
  const known = unsupported.find((keyword) => keyword === name);
  if (known !== undefined) {
    return say('workspace.uri.unsupported', { name, reason: say(`workspace.uri.reasons.${known}`) });
  }
  const meant = closestWord(name, [...used, ...harmless, ...unsupported]);
  return meant === null
    ? say('workspace.uri.unknownParameter', { name })
    : say('workspace.uri.mistypedParameter', { name, meant });
}

/** A value that may stand in two places, but not with two meanings. */
function once(
  what: 'user' | 'database' | 'host' | 'port' | 'password',
  inUri: string,
  asParameter: string | undefined,
): string {
  if (asParameter === undefined || asParameter === '') return inUri;
  if (inUri !== '' && inUri !== asParameter) throw invalid('twoValues', null, { what: partName(what) });
  return asParameter;
}

type Part = 'user' | 'password' | 'host' | 'port' | 'database' | 'parameter' | 'value';

function partName(part: Part, name = ''): string {
  return say(`workspace.uri.parts.${part}`, { name });
}

function decodePart(text: string, part: Part, name = ''): string {
  let decoded: string;
  try {
    decoded = decodeURIComponent(text);
  } catch {
    throw invalid('percent', 'percentHint', { what: partName(part, name) });
  }
  // PostgreSQL takes none of them; a NUL would cut the value off.
  if (/\p{Cc}/u.test(decoded)) throw invalid('controlCharacter', null, { what: partName(part, name) });
  return decoded;
}

type UriText = MainText extends infer Text
  ? Text extends `workspace.uri.${infer Name}`
    ? Name
    : never
  : never;

function invalid(message: UriText, hint: UriText | null, values: Record<string, string> = {}): AppError {
  return new AppError(
    'validation',
    say(`workspace.uri.${message}`, values),
    hint === null ? {} : { hint: say(`workspace.uri.${hint}`, values) },
  );
}
