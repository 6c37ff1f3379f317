import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's folder, whatever the current folder is. */
export const projectFolder = dirname(dirname(fileURLToPath(import.meta.url)));

/** A path inside the project. */
export function projectPath(...parts) {
  return join(projectFolder, ...parts);
}

/** One plain line for the person, apart from what the tools print. */
export function say(sentence) {
  process.stderr.write(`litemaas-console: ${sentence}\n`);
}
