import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Surroundings } from './surroundings';

export interface Service {
  readonly name: string;
  /** The file it stands in. */
  readonly path: string;
  /** Its `keyword=value` lines, by keyword. */
  readonly settings: ReadonlyMap<string, string>;
}

/** Where libpq looks for services, the person's own file first. */
export function serviceFilePaths({ environment, homeFolder, platform }: Surroundings): string[] {
  const chosen = environment['PGSERVICEFILE'];
  const own =
    platform === 'win32'
      ? join(environment['APPDATA'] ?? homeFolder, 'postgresql', '.pg_service.conf')
      : join(homeFolder, '.pg_service.conf');
  const systemFolder = environment['PGSYSCONFDIR'];
  // The folder that Debian builds libpq with; other builds have theirs, which nothing tells.
  const system = systemFolder !== undefined && systemFolder !== '' ? systemFolder : '/etc/postgresql-common';
  return [chosen !== undefined && chosen !== '' ? chosen : own, join(system, 'pg_service.conf')];
}

/** Every service of the files that can be read; of two with one name the first counts, as with libpq. */
export async function readServices(surroundings: Surroundings): Promise<Service[]> {
  const services = new Map<string, Service>();
  for (const path of serviceFilePaths(surroundings)) {
    const text = await readFile(path, 'utf8').catch(() => '');
    for (const [name, settings] of parseServiceFile(text)) {
      if (!services.has(name)) services.set(name, { name, path, settings });
    }
  }
  return [...services.values()];
}

/**
 * Reads an INI file of `[service]` sections. As in libpq there are no quotes and spaces around a value belong to
 * nobody. A section with a line of another form is left out whole: half of it would be another server.
 */
export function parseServiceFile(text: string): Map<string, ReadonlyMap<string, string>> {
  const services = new Map<string, Map<string, string>>();
  const damaged = new Set<string>();
  let current: string | undefined;
  for (const rawLine of text.split(/\r?\n/)) {
    const line = rawLine.trim();
    if (line === '' || line.startsWith('#')) continue;
    const section = /^\[(.+)\]$/.exec(line)?.[1];
    if (section !== undefined) {
      current = section;
      if (services.has(section)) current = undefined;
      else services.set(section, new Map());
      continue;
    }
    if (current === undefined) continue;
    const setting = /^([a-z_]+)\s*=(.*)$/.exec(line);
    const keyword = setting?.[1];
    // A service within a service is refused by libpq; an LDAP line would be looked up on a network.
    if (keyword === undefined || keyword === 'service') damaged.add(current);
    else services.get(current)?.set(keyword, setting?.[2]?.trimStart() ?? '');
  }
  for (const name of damaged) services.delete(name);
  return services;
}
