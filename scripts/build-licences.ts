import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Plugin } from 'vite';
import { embeddedServerLicences } from './embedded-server-parts';

/** What the renderer reads as `licences.json`; `src/renderer/src/settings/read-licences.ts` has the same shape. */
export interface PackageLicence {
  readonly name: string;
  readonly version: string;
  readonly licence: string | null;
  readonly text: string | null;
}

const licenceFile = /^(licen[cs]e|copying)(\.(md|txt))?$/i;

/**
 * Lists the packages that the bundles really contain: one plugin for the builds of main, preload and renderer, in that
 * order; the last one writes the list.
 * @param loadedAtRunTime packages that ship beside the bundles. Those that are not installed here are left out.
 */
export function buildLicences(loadedAtRunTime: readonly string[]): { collect: Plugin; write: Plugin } {
  const folders = new Set<string>();
  const gather = (moduleIds: Iterable<string>): void => {
    for (const id of moduleIds) {
      const folder = packageFolder(id);
      if (folder !== null) folders.add(folder);
    }
  };
  return {
    collect: {
      name: 'collect-licences',
      generateBundle() {
        gather(this.getModuleIds());
      },
    },
    write: {
      name: 'write-licences',
      generateBundle() {
        gather(this.getModuleIds());
        for (const name of loadedAtRunTime) folders.add(resolve('node_modules', name));
        const licences = [...[...folders].flatMap(readPackage), ...embeddedServerLicences()].sort(
          (one, other) => (one.name < other.name ? -1 : 1),
        );
        this.emitFile({ type: 'asset', fileName: 'licences.json', source: JSON.stringify(licences) });
      },
    },
  };
}

/** The folder of the package that a bundled module comes from; null for our own. */
export function packageFolder(moduleId: string): string | null {
  const path = moduleId.replace(/^\0/, '').replace(/\?.*$/, '').replaceAll('\\', '/');
  return /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? null;
}

function readPackage(folder: string): PackageLicence[] {
  let about: { name?: string; version?: string; license?: unknown };
  try {
    about = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as typeof about;
  } catch {
    return [];
  }
  const file = readdirSync(folder).find((name) => licenceFile.test(name));
  return [
    {
      name: about.name ?? folder,
      version: about.version ?? '',
      licence: typeof about.license === 'string' ? about.license : null,
      text:
        file === undefined ? textElsewhere(folder, about.license) : readFileSync(join(folder, file), 'utf8'),
    },
  ];
}

/** Some packages have their licence at the end of the README; Apache 2.0 is the same text for everybody, and ours. */
function textElsewhere(folder: string, licence: unknown): string | null {
  if (licence === 'Apache-2.0') return readFileSync(resolve('LICENSE'), 'utf8');
  const readme = readdirSync(folder).find((name) => /^readme\.md$/i.test(name));
  if (readme === undefined) return null;
  const text = readFileSync(join(folder, readme), 'utf8');
  return /^#+ *licen[cs]e\s*\n([^]*Permission is hereby granted[^]*)$/im.exec(text)?.[1]?.trim() ?? null;
}
