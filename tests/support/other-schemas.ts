import { readFile } from 'node:fs/promises';
import type pg from 'pg';

/** LiteMaaS's releases that changed its schema, oldest first. */
export const litemaasReleases = ['0.0.7', '0.0.15', '0.0.18', '0.0.19', '0.1.1', '0.3.1'] as const;
export type LitemaasRelease = (typeof litemaasReleases)[number];

const fixture = (name: string): Promise<string> =>
  readFile(new URL(`../fixtures/other-schemas/${name}.sql`, import.meta.url), 'utf8');

/**
 * Makes LiteMaaS's own schema as of a release, in the connection's first schema: fresh, or as it is when an
 * installation began with 0.0.7 and was upgraded.
 */
export async function createLitemaasSchema(
  client: pg.ClientBase,
  release: LitemaasRelease,
  { upgradedInPlace = false } = {},
): Promise<void> {
  const steps = litemaasReleases.slice(0, litemaasReleases.indexOf(release) + 1);
  const first = steps[0];
  if (first !== undefined) await client.query(await fixture(`litemaas-${first}`));
  if (upgradedInPlace || !steps.includes('0.1.1')) await client.query(await fixture('litemaas-0.0.7-usage'));
  for (const step of steps.slice(1)) await client.query(await fixture(`litemaas-${step}`));
}

/** Makes LiteLLM's tables in the connection's first schema. */
export async function createLitellmSchema(client: pg.ClientBase): Promise<void> {
  await client.query(await fixture('litellm'));
}
