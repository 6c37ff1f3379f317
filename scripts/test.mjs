// npm test runs every check; npm test -- --long (npm run test:long) the tests with many seeds and kills.
import { spawn } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { basename } from 'node:path';
import { tsImport } from 'tsx/esm/api';
import { buildWhenNeeded } from './build-when-needed.mjs';
import { findElectron } from './electron-binary.mjs';
import { longTests, testFiles } from './long-tests.mjs';
import { projectPath } from './project.mjs';
import { exitOf, runChild } from './run-child.mjs';
import { filesWithoutTests, playwrightCounts, playwrightListing, sum, vitestCounts } from './test-counts.mjs';

const knownParts = ['browser', 'pg15', 'keyring', 'pgbouncer'];
const required = (process.env.LITEMAAS_REQUIRE ?? '').split(',').filter(Boolean);
const long = process.argv.includes('--long');
const environment = { ...process.env, ...(long ? { LITEMAAS_LONG: '1' } : {}) };
const reports = projectPath('test-results', 'reports');
const counts = [];
const failedSteps = [];
const notes = [];
/** What took how long, in the order in which it ended. */
const times = [];
const startedAt = performance.now();

process.exitCode = await main();

async function main() {
  const unknown = required.filter((part) => !knownParts.includes(part));
  if (unknown.length > 0) {
    print(`LITEMAAS_REQUIRE names ${unknown.join(', ')}; it knows ${knownParts.join(', ')}.`);
    return 2;
  }
  rmSync(reports, { recursive: true, force: true });
  mkdirSync(reports, { recursive: true });
  // Before all else: the bundler leaves a file beside its configuration for a moment, which ESLint would find and miss.
  const isBuilt = await step('build', () => buildWhenNeeded());
  // What depends on no time, beside each other.
  const tests = async () => {
    await runVitest('unit');
    if (isBuilt) await runVitest('security');
  };
  await inTwoRows(long ? [tests] : [lint, tests, format, unusedCode, typecheck]);
  if (isBuilt) {
    await runVitest('integration');
    await runPlaywright();
  } else notes.push('integration, security and end to end: there is no build');
  return report();
}

/**
 * For two cores: each row takes the next piece when it has ended one. The longest comes first, and the type check last: it
 * and lint need a gigabyte or two each.
 */
async function inTwoRows(pieces) {
  const waiting = [...pieces];
  const row = async () => {
    for (let piece = waiting.shift(); piece !== undefined; piece = waiting.shift()) await piece();
  };
  await Promise.all([row(), row()]);
}

function lint() {
  return check('lint', tool('eslint', 'bin', 'eslint.js'), '.', '--max-warnings', '0');
}

function typecheck() {
  return check('typecheck', projectPath('scripts', 'typecheck.mjs'));
}

function format() {
  return check('format', tool('prettier', 'bin', 'prettier.cjs'), '--check', '--log-level', 'warn', '.');
}

function unusedCode() {
  return check('unused code', tool('knip', 'bin', 'knip.js'));
}

/** The files of a suite that are to run; the long suite leaves out those that would do the same again. */
function filesOf(suite) {
  return long ? longTests(suite) : testFiles(suite);
}

async function runVitest(project) {
  const file = `${reports}/${project}.json`;
  const files = filesOf(project);
  if (files.length === 0) return;
  const code = await run(
    [
      tool('vitest', 'vitest.mjs'),
      'run',
      // Those of the renderer are a project of their own.
      `--project=${project}*`,
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${file}`,
      ...(long ? ['--testTimeout=900000', ...files] : []),
    ],
    project,
  );
  count(project, code, vitestCounts(file), filesWithoutTests(files, file));
}

async function runPlaywright() {
  const playwright = tool('@playwright', 'test', 'cli.js');
  const { chromiumExecutable } = await tsImport('../tests/support/chromium.ts', import.meta.url);
  const file = `${reports}/e2e.json`;
  const json = { PLAYWRIGHT_JSON_OUTPUT_FILE: file, PLAYWRIGHT_JSON_OUTPUT_NAME: file };
  if (chromiumExecutable() === undefined) {
    if (required.includes('browser')) {
      failedSteps.push('end to end: LITEMAAS_REQUIRE demands a browser and there is no Chromium');
      return;
    }
    await run([playwright, 'test', '--list', '--reporter=json'], 'end to end', json, 'ignore');
    counts.push(playwrightListing(file, 'no Chromium on this machine'));
    return;
  }
  const files = filesOf('end to end');
  // Playwright reads patterns of whole paths, with the separator of the system.
  const names = long ? files.map((path) => basename(path).replaceAll('.', String.raw`\.`)) : [];
  const code = await run([playwright, 'test', ...names, '--reporter=list,json'], 'end to end', json);
  count('end to end', code, playwrightCounts(file), filesWithoutTests(files, file));
}

/** A run that failed without a report, or whose report knows of no failure, is one failure all the same. */
function count(name, code, counted, notRun) {
  if (counted !== null) counts.push(counted);
  if (code !== 0 && (counted === null || counted.failed === 0))
    failedSteps.push(`${name}: exit code ${code}`);
  for (const path of notRun) failedSteps.push(`${name}: ${path} did not run`);
}

/** A check whose output is shown as a whole when it has ended: others run beside it. */
function check(name, ...command) {
  return step(name, async () => {
    const child = spawn(process.execPath, command, { cwd: projectPath(), stdio: ['ignore', 'pipe', 'pipe'] });
    const output = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => output.push(chunk));
    const code = stopIfInterrupted(await exitOf(child));
    process.stdout.write(Buffer.concat(output));
    return code;
  });
}

async function step(name, work) {
  const code = await timed(name, work);
  print(`${code === 0 ? 'ok' : 'FAILED'}: ${name}`);
  if (code !== 0) failedSteps.push(`${name}: exit code ${code}`);
  return code === 0;
}

async function timed(name, work) {
  const from = performance.now();
  const result = await work();
  times.push({ name, minutes: minutesSince(from) });
  return result;
}

function minutesSince(from) {
  return ((performance.now() - from) / 60_000).toFixed(1);
}

async function run([script, ...args], name, additional = {}, stdout = 'inherit') {
  print(`\n== ${name}`);
  const code = await timed(name, () =>
    runChild(process.execPath, [script, ...args], {
      cwd: projectPath(),
      env: { ...environment, ...additional },
      stdio: ['inherit', stdout, 'inherit'],
    }),
  );
  return stopIfInterrupted(code);
}

/** Ctrl-C ends everything, not only what runs at the moment. */
function stopIfInterrupted(code) {
  if (code > 128) process.exit(code);
  return code;
}

function report() {
  const { passed, failed, skipped, reasons } = sum(counts);
  if (findElectron() === null) {
    notes.push(
      'the desktop app in Electron itself: its program is not on this machine (its bundles ran in the stand-in)',
    );
  }
  print('\n== minutes');
  for (const { name, minutes } of times) print(`${minutes.padStart(5)} ${name}`);
  print(`${minutesSince(startedAt).padStart(5)} altogether`);
  print('\n== summary');
  for (const [reason, times] of reasons) print(`skipped ${times}: ${reason}`);
  for (const note of notes) print(`not run: ${note}`);
  for (const failure of failedSteps) print(`failed: ${failure}`);
  const failures = failed + failedSteps.length;
  print(`${passed} passed, ${failures} failed, ${skipped} skipped`);
  return failures === 0 ? 0 : 1;
}

/** A tool's own program, so that no shell and no PATH is needed. */
function tool(...path) {
  return projectPath('node_modules', ...path);
}

function print(line) {
  process.stdout.write(`${line}\n`);
}
