import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  filesWithoutTests,
  playwrightCounts,
  playwrightListing,
  sum,
  vitestCounts,
} from '../../scripts/test-counts.mjs';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'litemaas-counts-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function reportFile(report: unknown): string {
  const path = join(folder, 'report.json');
  writeFileSync(path, typeof report === 'string' ? report : JSON.stringify(report));
  return path;
}

const skipped = (title: string, ...ancestorTitles: string[]) => ({
  status: 'skipped',
  title,
  ancestorTitles,
});

describe('a vitest report', () => {
  it('is counted, with the reasons that titles give', () => {
    const report = {
      success: true,
      numPassedTests: 4,
      numFailedTests: 0,
      testResults: [
        { assertionResults: [{ status: 'passed', title: 'a', ancestorTitles: [] }] },
        {
          assertionResults: [
            skipped('a', 'migrations (skipped: PostgreSQL 15 is not installed)'),
            skipped('b', 'secrets in a real Secret Service (dbus-run-session is not installed)'),
            skipped('c', 'started by root (needs root)', 'inner'),
            skipped('d (of two)', 'outer'),
          ],
        },
      ],
    };
    expect(vitestCounts(reportFile(report))).toEqual({
      passed: 4,
      failed: 0,
      skipped: 4,
      reasons: [
        'PostgreSQL 15 is not installed',
        'dbus-run-session is not installed',
        'needs root',
        'outer > d (of two)',
      ],
    });
  });

  it('without a failed test is a failure when a file could not be loaded', () => {
    const report = { success: false, numPassedTests: 4, numFailedTests: 0, testResults: [] };
    expect(vitestCounts(reportFile(report))).toMatchObject({ passed: 4, failed: 1 });
  });

  it('that is missing or half written counts as none', () => {
    expect(vitestCounts(join(folder, 'no-such-file'))).toBeNull();
    expect(vitestCounts(reportFile('{"success":'))).toBeNull();
  });
});

describe('a Playwright report', () => {
  it('counts a test that passed on a second try as failed', () => {
    const report = { errors: [], stats: { expected: 3, unexpected: 1, flaky: 1, skipped: 2 } };
    expect(playwrightCounts(reportFile(report))).toMatchObject({ passed: 3, failed: 2, skipped: 2 });
  });

  it('is a failure when a file could not be loaded', () => {
    const report = { errors: [{}], stats: { expected: 0, unexpected: 0, flaky: 0, skipped: 0 } };
    expect(playwrightCounts(reportFile(report))).toMatchObject({ failed: 1 });
  });

  it('that only lists tests says how many could not run', () => {
    const suite = { specs: [{ tests: [{}, {}] }], suites: [{ specs: [{ tests: [{}] }] }] };
    const counted = playwrightListing(reportFile({ suites: [suite, suite] }), 'no browser');
    expect(counted).toMatchObject({ passed: 0, failed: 0, skipped: 6 });
    expect(sum([counted, { passed: 2, failed: 1, skipped: 1, reasons: ['other'] }])).toEqual({
      passed: 2,
      failed: 1,
      skipped: 7,
      reasons: new Map([
        ['no browser', 6],
        ['other', 1],
      ]),
    });
  });
});

describe('the files that were to run', () => {
  it('are missed where vitest has no test of them', () => {
    const report = { testResults: [{ name: '/home/x/tests/integration/a.test.ts' }] };
    const files = ['tests/integration/a.test.ts', 'tests/integration/b.test.ts'];
    expect(filesWithoutTests(files, reportFile(report))).toEqual(['tests/integration/b.test.ts']);
  });

  it('are missed where Playwright has no test of them', () => {
    const report = { config: { rootDir: String.raw`C:\x\tests\e2e` }, suites: [{ file: 'a.spec.ts' }] };
    const files = ['tests/e2e/a.spec.ts', 'tests/e2e/b.spec.ts'];
    expect(filesWithoutTests(files, reportFile(report))).toEqual(['tests/e2e/b.spec.ts']);
  });

  it('are not named where there is no report: the run has failed as a whole', () => {
    expect(filesWithoutTests(['tests/e2e/a.spec.ts'], join(folder, 'no-such-file'))).toEqual([]);
  });
});
