import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

interface LockedPackage {
  readonly version?: string;
  readonly integrity?: string;
  readonly link?: boolean;
}

const text = readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8');
const { packages } = JSON.parse(text) as { packages: Record<string, LockedPackage> };
const installed = Object.entries(packages).filter(([place, { link }]) => place !== '' && link !== true);

it('every package of the lock file has a strong checksum, those of other systems too', () => {
  expect(installed.length).toBeGreaterThan(400);
  const without = installed.filter(([, entry]) => !/^sha512-[\w+/]{86}==$/.test(entry.integrity ?? ''));
  expect(without.map(([place]) => place)).toEqual([]);
});

it('the lock file names no registry: each machine has its own', () => {
  expect(text).not.toMatch(/"resolved":/);
  const addresses = text.match(/"[^"]*(?:https?|git|ssh|file):[^"]*"/g) ?? [];
  // Where authors take donations.
  expect(addresses.filter((address) => /registry|npm(?:js|mirror)|\.tgz|git\+/.test(address))).toEqual([]);
});
