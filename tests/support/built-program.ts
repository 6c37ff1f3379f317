import { buildWhenNeeded } from '../../scripts/build-when-needed.mjs';

/** Builds `out` unless it is newer than everything it is made from. */
export async function ensureBuilt(): Promise<void> {
  const code = await buildWhenNeeded();
  if (code !== 0) throw new Error(`The build failed with exit code ${String(code)}.`);
}
