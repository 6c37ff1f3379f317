import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomically } from '../../files/atomic-file';

/** Whether the person agreed to a store that protects nothing. */
export interface Consent {
  isGiven(): boolean;
  give(allow: boolean): Promise<void>;
}

/** The consent as a file of the data folder, which says in its own words what was agreed to. Read when first asked. */
export function openConsent(dataFolder: string): Consent {
  const path = join(dataFolder, 'unprotected-secrets-allowed');
  let isGiven: boolean | undefined;
  return {
    isGiven: () => (isGiven ??= isThere(path)),
    async give(allow) {
      if (allow)
        await writeFileAtomically(path, 'Secrets may be kept where whoever reads the files can read them.\n');
      else await rm(path, { force: true });
      isGiven = allow;
    },
  };
}

function isThere(path: string): boolean {
  try {
    readFileSync(path);
    return true;
  } catch {
    // What cannot be read was not agreed to.
    return false;
  }
}
