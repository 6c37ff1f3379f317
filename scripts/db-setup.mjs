// npm run db:setup [-- --demo]: the console's one click from the command line.
import { buildWhenNeeded } from './build-when-needed.mjs';
import { projectPath } from './project.mjs';
import { runChild } from './run-child.mjs';

const code = await buildWhenNeeded();
process.exitCode =
  code === 0
    ? await runChild(process.execPath, [projectPath('out', 'main', 'db-setup.js'), ...process.argv.slice(2)])
    : code;
