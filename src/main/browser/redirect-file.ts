import { readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const namePattern = /^open-console-[\w-]+\.html$/;
const staleAfterMs = 24 * 3_600_000;

/**
 * A page that only its owner can read and that leads on to the console: the system browser is started with this
 * file's path, so the one-time token never stands in a process list.
 */
export interface RedirectFile {
  readonly path: string;
  write(address: string): void;
  remove(): void;
}

/** `instance` tells consoles that share a data folder apart. Files that a killed console left are removed. */
export function createRedirectFile(dataFolder: string, instance: string): RedirectFile {
  removeStale(dataFolder);
  const path = join(dataFolder, `open-console-${instance}.html`);
  return {
    path,
    write(address) {
      // Removed first: the mode counts only for a file that is made anew.
      rmSync(path, { force: true });
      writeFileSync(path, pageTo(address), { mode: 0o600, flag: 'wx' });
    },
    remove() {
      rmSync(path, { force: true });
    },
  };
}

/** The address is made by the server: a loopback URL whose token is base64url, so nothing in it needs escaping. */
function pageTo(address: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="referrer" content="no-referrer">
<meta http-equiv="refresh" content="0; url=${address}">
<title>LiteMaaS Console</title>
<a href="${address}">Open LiteMaaS Console</a>
</html>
`;
}

function removeStale(dataFolder: string): void {
  for (const name of readdirSync(dataFolder)) {
    const path = join(dataFolder, name);
    const age = namePattern.test(name)
      ? Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0)
      : 0;
    if (age > staleAfterMs) rmSync(path, { force: true });
  }
}
