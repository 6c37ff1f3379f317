import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { projectFolder } from './project.mjs';

/** Where the tests of each suite are. */
const suites = {
  unit: { folders: ['src', 'tests/support'], name: /\.test\.tsx?$/ },
  integration: { folders: ['tests/integration'], name: /\.test\.ts$/ },
  security: { folders: ['tests/security'], name: /\.test\.ts$/ },
  'end to end': { folders: ['tests/e2e'], name: /\.spec\.ts$/ },
};

/** What makes a test longer in the long suite: it asks, or has properties, of which more cases are tried there. */
const asks = 'tests/support/long-runs.ts';
const properties = 'fast-check';

/**
 * The test files of a suite that do more in the long suite than in `npm test`: those that import, themselves or
 * through other files, what makes a test longer. Running the others once more would prove nothing.
 * @param {keyof typeof suites} suite
 * @param {string} [root] the project's folder
 * @returns {string[]} paths below the root, with slashes
 */
export function longTests(suite, root = projectFolder) {
  const known = new Map();
  return testFiles(suite, root).filter((file) => reaches(join(root, file), join(root, asks), known));
}

/**
 * Every test file of a suite.
 * @param {keyof typeof suites} suite
 * @param {string} [root] the project's folder
 * @returns {string[]} paths below the root, with slashes
 */
export function testFiles(suite, root = projectFolder) {
  const { folders, name } = suites[suite];
  return folders
    .flatMap((folder) => filesBelow(join(root, folder)))
    .filter((path) => name.test(path))
    .map((path) => relative(root, path).split(sep).join('/'))
    .sort();
}

function filesBelow(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}

/** Whether a file imports what makes tests longer. */
function reaches(start, target, known) {
  const seen = new Set([start]);
  for (const file of seen) {
    if (file === target) return true;
    if (!known.has(file)) known.set(file, importsOf(file));
    for (const imported of known.get(file)) {
      if (imported === properties) return true;
      seen.add(imported);
    }
  }
  return false;
}

/** The project's own files that a file imports, and the package for properties where it does. */
function importsOf(file) {
  const specifiers = readFileSync(file, 'utf8').matchAll(/\b(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g);
  return [...specifiers].flatMap(([, specifier]) => {
    if (specifier === properties) return [properties];
    return specifier.startsWith('.') ? resolved(join(dirname(file), specifier)) : [];
  });
}

function resolved(path) {
  const found = ['', '.ts', '.tsx', '.mjs', '/index.ts', '/index.tsx']
    .map((ending) => path + ending)
    .find((candidate) => /\.(?:tsx?|mjs)$/.test(candidate) && isFile(candidate));
  return found === undefined ? [] : [found];
}

function isFile(path) {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
