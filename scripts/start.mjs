#!/usr/bin/env node
// npm start, npm run dev (--dev), npm run browser (--browser), litemaas-console run …, which wants no window. Everything
// else is passed on to the console.
import { createRequire } from 'node:module';
import { buildWhenNeeded, forgetBuild } from './build-when-needed.mjs';
import { downloadElectron, findElectron, reasonAgainstElectron } from './electron-binary.mjs';
import { projectPath, say } from './project.mjs';
import { runChild } from './run-child.mjs';
import { watchBrowserMode } from './watch-browser-mode.mjs';

const own = new Set(['--dev', '--browser']);
const passedOn = process.argv.slice(2).filter((argument) => !own.has(argument));
const development = process.argv.includes('--dev');

process.exitCode = await start();

async function start() {
  if (passedOn[0] === 'run') return runCommand();
  warnAboutKeychain();
  const electron = process.argv.includes('--browser') ? null : await electronOrReason();
  if (electron !== null && development) return startDevelopment();
  if (development) return watchBrowserMode(passedOn);
  const code = await buildWhenNeeded();
  if (code !== 0) return code;
  return electron === null ? startBrowserMode() : startDesktop(electron);
}

/** Electron's program, or null after one sentence that says why it is not used. */
async function electronOrReason() {
  const present = findElectron();
  const reason = reasonAgainstElectron();
  if (reason !== null) {
    say(`starting in browser mode instead of the desktop app: ${reason}.`);
    return null;
  }
  if (present !== null) return present;
  if (process.env.LITEMAAS_NO_DOWNLOAD === '1') {
    say(
      'starting in browser mode: the Electron program is not here and LITEMAAS_NO_DOWNLOAD=1 forbids fetching it.',
    );
    return null;
  }
  const downloaded = await downloadElectron();
  if (downloaded === null) say('starting in browser mode: the Electron program could not be downloaded.');
  return downloaded;
}

function warnAboutKeychain() {
  try {
    createRequire(import.meta.url)('keytar');
  } catch {
    say(
      'keytar was not built, so the system keychain is out of reach; the console says where it keeps passwords instead.',
    );
  }
}

async function runCommand() {
  const code = await buildWhenNeeded();
  if (code !== 0) return code;
  return runChild(process.execPath, [projectPath('out', 'main', 'run.js'), ...passedOn.slice(1)]);
}

function startDesktop(electron) {
  return runChild(electron, [projectPath(), ...passedOn], { env: withoutRunAsNode() });
}

function startBrowserMode() {
  return runChild(process.execPath, [projectPath('out', 'main', 'browser.js'), ...passedOn]);
}

/** Electron with hot reload of the screens; it writes unfinished builds to `out`. */
function startDevelopment() {
  forgetBuild();
  const electronVite = projectPath('node_modules', 'electron-vite', 'bin', 'electron-vite.js');
  const rest = passedOn.length > 0 ? ['--', ...passedOn] : [];
  return runChild(process.execPath, [electronVite, 'dev', '--watch', ...rest], {
    cwd: projectPath(),
    env: withoutRunAsNode(),
  });
}

/** With this variable, which some terminals inherit from an editor, Electron's program would be plain Node. */
function withoutRunAsNode() {
  const environment = { ...process.env };
  delete environment.ELECTRON_RUN_AS_NODE;
  return environment;
}
