import type { ConnectionFields, DiscoveredServer } from '../../../shared/contract/workspace';
import { say } from '../../kernel/say';
import { fieldsOfKeywords, placeOf } from '../libpq/libpq-fields';
import { environmentFields } from '../libpq/known-password';
import { findEntry, passfilePath, type PassfileEntry, readPassfile } from '../libpq/passfile';
import { readServices, serviceFilePaths } from '../libpq/service-file';
import type { Surroundings } from '../libpq/surroundings';
import { listeningPorts } from './listening-ports';
import { findSockets } from './socket-folders';

const mostFound = 100;
const usualSocketFolders = ['/var/run/postgresql', '/tmp'];

/**
 * What on this machine points to a PostgreSQL server: listening ports, sockets, PGHOST and its like, the password file,
 * services. Reads files, folders and the list of listening ports; connects to nothing and answers no password.
 */
export async function discoverServers(surroundings: Surroundings): Promise<{
  found: DiscoveredServer[];
  lookedAt: string[];
}> {
  const { environment, platform } = surroundings;
  const socketFolders = platform === 'win32' ? [] : socketFoldersOf(environment['PGHOST']);
  const [ports, sockets, passfile, services] = await Promise.all([
    listeningPorts(platform),
    findSockets(socketFolders),
    readPassfile(surroundings),
    readServices(surroundings),
  ]);
  const { entries, problem } = passfile;
  const chosen = environment['PGSERVICE'];
  const hasPassword = (fields: Partial<ConnectionFields>): boolean => {
    const host = fields.socketFolder ?? fields.host ?? undefined;
    return findEntry(entries, { ...fields, host }) !== undefined;
  };

  const found: DiscoveredServer[] = [
    ...environmentServer(surroundings, hasPassword),
    ...services.map(({ name, path, settings }): DiscoveredServer => {
      const fields = fieldsOfKeywords((keyword) => settings.get(keyword));
      return {
        source: 'service',
        label: say(name === chosen ? 'workspace.discover.chosenService' : 'workspace.discover.service', {
          name,
          path,
        }),
        fields,
        passwordKnown: hasPassword(fields),
      };
    }),
    ...sockets.map(({ folder, port }): DiscoveredServer => {
      const fields = { ...placeOf(folder), port, tlsMode: 'disable' as const };
      return {
        source: 'socket',
        label: say('workspace.discover.socket', { folder, port: String(port) }),
        fields,
        passwordKnown: hasPassword(fields),
      };
    }),
    ...ports.map((port): DiscoveredServer => {
      const fields = { host: 'localhost', socketFolder: null, port, tlsMode: 'disable' as const };
      return {
        source: 'port',
        label: say('workspace.discover.port', { port: String(port) }),
        fields,
        passwordKnown: hasPassword(fields),
      };
    }),
    ...entries.flatMap((entry) => passfileServer(entry, passfilePath(surroundings))),
  ];
  const passfileLine =
    problem === 'permissions'
      ? say('workspace.discover.passfilePermissions', { path: passfilePath(surroundings) })
      : passfilePath(surroundings);
  return {
    found: found.slice(0, mostFound),
    lookedAt: [
      say('workspace.discover.lookedAtPorts'),
      ...socketFolders,
      say('workspace.discover.lookedAtEnvironment'),
      passfileLine,
      ...serviceFilePaths(surroundings),
    ],
  };
}

function socketFoldersOf(host: string | undefined): string[] {
  const own = host?.startsWith('/') === true ? [host] : [];
  return [...new Set([...own, ...usualSocketFolders])];
}

function environmentServer(
  surroundings: Surroundings,
  hasPassword: (fields: Partial<ConnectionFields>) => boolean,
): DiscoveredServer[] {
  const { environment } = surroundings;
  const fields = environmentFields(surroundings);
  if (fields === null) return [];
  // PGPASSWORD counts only where the environment names a server too: it is given to no other.
  const namesServer = fields.host !== undefined || fields.socketFolder !== undefined;
  const ofEnvironment = namesServer && (environment['PGPASSWORD'] ?? '') !== '';
  return [
    {
      source: 'environment',
      label: say('workspace.discover.environment'),
      fields: { ...(namesServer ? { port: 5432, user: surroundings.userName } : {}), ...fields },
      passwordKnown: ofEnvironment || hasPassword(fields),
    },
  ];
}

/** A line that names a host; one for any host points to nothing. */
function passfileServer(entry: PassfileEntry, path: string): DiscoveredServer[] {
  const { host, port, database, user } = entry;
  if (host === '*' || host === '') return [];
  const named = (text: string): string | undefined => (text === '*' ? undefined : text);
  const fields = fieldsOfKeywords(
    (keyword) => ({ host, port: named(port), dbname: named(database), user: named(user) })[keyword],
  );
  return [
    {
      source: 'passfile',
      label: say('workspace.discover.passfile', { host, path }),
      fields,
      passwordKnown: true,
    },
  ];
}
