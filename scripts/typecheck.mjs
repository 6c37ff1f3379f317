// npm run typecheck: each runtime's own types (tsconfig.json names them), with TypeScript 7, whose compiler is a program for
// each system. Where npm has none for this one, TypeScript 6 checks the same and takes longer.
import { existsSync } from 'node:fs';
import { projectPath, say } from './project.mjs';
import { runChild } from './run-child.mjs';

const native = projectPath('node_modules', '@typescript', `typescript-${process.platform}-${process.arch}`);
const isNative = existsSync(native);
if (!isNative) say('TypeScript 7 has no program for this system: TypeScript 6 checks.');
const compiler = projectPath('node_modules', isNative ? 'typescript-7' : 'typescript', 'bin', 'tsc');
// Further checkers share little of what they learn: on two cores they cost twice the time.
const options = isNative ? ['--checkers', '1'] : [];
process.exitCode = await runChild(process.execPath, [
  compiler,
  '--build',
  projectPath('tsconfig.json'),
  ...options,
]);
