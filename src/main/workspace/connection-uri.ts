import { isIPv6 } from 'node:net';
import { isAbsolute } from 'node:path';
import { AppError } from '../../shared/errors';
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
}

export interface ParsedConnectionUri {
  readonly target: ConnectionTarget;
  /** Apart from the target, because it is kept elsewhere. Null when the URI has none. */
  readonly password: string | null;
  /** Parameters that were understood and make no difference here, such as `application_name`. */
  readonly ignored: readonly string[];
}

const defaultPort = 5432;
const used = ['host', 'port', 'user', 'password', 'dbname', 'sslmode', 'sslrootcert'];
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
/** Leaving these out would make another connection than the one that was asked for. */
const unsupported: Readonly<Record<string, string>> = {
  channel_binding:
    'channel binding can’t be required; use sslmode=verify-full, which checks the server’s identity',
  hostaddr: 'give the address as the host',
  options: 'settings of the session can’t be given',
  passfile: 'give the password itself',
  requiressl: 'write sslmode=require',
  service: 'service files are not read',
  ssl: 'write sslmode=require or another sslmode',
  sslcert: 'client certificates are not supported',
  sslcrl: 'revocation lists are not supported',
  sslkey: 'client certificates are not supported',
  sslnegotiation: 'TLS is negotiated the usual way',
  sslpassword: 'client certificates are not supported',
  target_session_attrs: 'one server is opened, whatever its role',
};

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
    throw invalid('This is not a PostgreSQL connection URI.', 'It begins with postgresql://');
  }
  if (/\s/.test(trimmed)) throw invalid('The URI contains a space or a line break.', 'Write a space as %20.');
  const { authority, path, query } = splitUri(trimmed.slice(scheme.length));
  const { credentials, place } = splitAuthority(authority);
  const parameters = readParameters(query);
  const { host, port } = readPlace(place);

  const user = once('user', decodePart(credentials.user, 'user name'), parameters.get('user'));
  if (user === '') throw invalid('The URI names no user.', 'Write postgresql://user@host/database.');
  const database = once('database', decodePart(path, 'database name'), parameters.get('dbname'));
  const password = credentials.password === null ? undefined : decodePart(credentials.password, 'password');
  const server = readServer(once('host', host, parameters.get('host')));
  const portText = once('port', port, parameters.get('port'));
  return {
    target: {
      ...server,
      port: portText === '' ? defaultPort : readPort(portText),
      // As in libpq: a database of the user's own name.
      database: database === '' ? user : database,
      user,
      tlsMode: parseTlsMode(parameters.get('sslmode'), server.host),
      caFile: readCaFile(parameters.get('sslrootcert')),
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
    throw invalid('The user name or the password contains / or ?.', 'Write / as %2F and ? as %3F there.');
  }
  if (path.includes('/')) throw invalid('The database name contains /.', 'Write it as %2F.');
  if (rest.includes('#')) throw invalid('The URI contains #.', 'Write it as %23.');
  return { authority, path, query };
}

function splitAuthority(authority: string): {
  credentials: { user: string; password: string | null };
  place: string;
} {
  const at = authority.indexOf('@');
  if (at === -1) return { credentials: { user: '', password: null }, place: authority };
  const place = authority.slice(at + 1);
  if (place.includes('@'))
    throw invalid('The user name or the password contains @.', 'Write it as %40 there.');
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
  if (place.includes(',')) throw invalid('The URI names several hosts.', 'Give the one to connect to.');
  const bracketed = /^\[([^\]]*)\](?::(.*))?$/.exec(place);
  if (bracketed !== null) {
    const address = decodePart(bracketed[1] ?? '', 'host');
    if (!isIPv6(address)) throw invalid(`"${address}" is not an IPv6 address.`);
    return { host: address, port: bracketed[2] ?? '' };
  }
  const [host = '', port = '', ...more] = place.split(':');
  if (more.length > 0 || /[[\]]/.test(place)) {
    throw invalid('The host with its port can’t be read.', 'Write an IPv6 address in brackets: [::1]:5432.');
  }
  return { host: decodePart(host, 'host'), port };
}

function readServer(host: string): { host: string | null; socketFolder: string | null } {
  if (host.startsWith('/')) return { host: null, socketFolder: host };
  if (host === '') return { host: 'localhost', socketFolder: null };
  if (!isIPv6(host) && !/^[\p{L}\p{N}._-]+$/u.test(host)) throw invalid(`"${host}" is not a host name.`);
  return { host, socketFolder: null };
}

function readPort(text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port < 1 || port > 65_535) {
    // Not repeated: where the @ was forgotten, it is the password.
    throw invalid('The port is not a number from 1 to 65535.', 'Write postgresql://user@host:port/database.');
  }
  return port;
}

function readCaFile(path: string | undefined): string | null {
  // "system" is libpq's word for the certificates that the machine trusts anyway.
  if (path === undefined || path === '' || path === 'system') return null;
  if (!isAbsolute(path)) throw invalid(`sslrootcert is "${path}", which is not an absolute path.`);
  return path;
}

function readParameters(query: string): Map<string, string> {
  const parameters = new Map<string, string>();
  const problems: string[] = [];
  for (const pair of query.split('&')) {
    if (pair === '') continue;
    const [encodedName = '', encodedValue, ...more] = pair.split('=');
    const name = decodePart(encodedName, 'parameter name');
    if (encodedValue === undefined || more.length > 0) {
      throw invalid(
        `The parameter "${name}" is not of the form name=value.`,
        'Write = within a value as %3D.',
      );
    }
    if (parameters.has(name)) throw invalid(`The parameter "${name}" is given twice.`);
    const value = decodePart(encodedValue, name);
    const problem = parameterProblem(name, value);
    if (problem !== null) problems.push(problem);
    parameters.set(name, value);
  }
  if (problems.length > 0) throw invalid(problems.join(' '), 'Remove or correct it and try again.');
  return parameters;
}

function parameterProblem(name: string, value: string): string | null {
  if (used.includes(name) || harmless.includes(name)) return null;
  const reason = Object.hasOwn(unsupported, name) ? unsupported[name] : undefined;
  // These values ask for nothing.
  if (name === 'channel_binding' && (value === 'prefer' || value === 'disable')) return null;
  if (name === 'target_session_attrs' && value === 'any') return null;
  if (reason !== undefined) return `The parameter "${name}" is not supported: ${reason}.`;
  const meant = closestWord(name, [...used, ...harmless, ...Object.keys(unsupported)]);
  return `The parameter "${name}" is not known${meant === null ? '.' : `; did you mean "${meant}"?`}`;
}

/** A value that may stand in two places, but not with two meanings. */
function once(what: string, inUri: string, asParameter: string | undefined): string {
  if (asParameter === undefined || asParameter === '') return inUri;
  if (inUri !== '' && inUri !== asParameter)
    throw invalid(`The URI gives two different values for the ${what}.`);
  return asParameter;
}

function decodePart(text: string, what: string): string {
  let decoded: string;
  try {
    decoded = decodeURIComponent(text);
  } catch {
    throw invalid(`The ${what} contains a % that is not followed by a valid code.`, 'Write % itself as %25.');
  }
  // PostgreSQL takes none of them; a NUL would cut the value off.
  if (/\p{Cc}/u.test(decoded)) throw invalid(`The ${what} contains a control character.`);
  return decoded;
}

function invalid(message: string, hint?: string): AppError {
  return new AppError('validation', message, hint === undefined ? {} : { hint });
}
