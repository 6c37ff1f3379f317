import { readFileSync } from 'node:fs';

const nothing = { passed: 0, failed: 0, skipped: 0, reasons: [] };

/** What a vitest JSON report says; null when there is none, because vitest ended before it ran anything. */
export function vitestCounts(reportFile) {
  const report = readReport(reportFile);
  if (report === null) return null;
  const reasons = [];
  for (const { assertionResults } of report.testResults) {
    for (const { status, ancestorTitles, title } of assertionResults) {
      if (status === 'skipped' || status === 'pending' || status === 'todo' || status === 'disabled') {
        reasons.push(reasonFrom([...ancestorTitles, title]));
      }
    }
  }
  return {
    passed: report.numPassedTests,
    // A file that can't even be loaded is a failed suite without tests.
    failed: Math.max(report.numFailedTests, report.success ? 0 : 1),
    skipped: reasons.length,
    reasons,
  };
}

/** What a Playwright JSON report says; null when there is none. A test that only passed on a retry counts as failed. */
export function playwrightCounts(reportFile) {
  const report = readReport(reportFile);
  if (report === null) return null;
  const { expected, unexpected, flaky, skipped } = report.stats;
  const failed = Math.max(unexpected + flaky, report.errors.length > 0 ? 1 : 0);
  return {
    passed: expected,
    failed,
    skipped,
    reasons: Array(skipped).fill('marked as skipped in tests/e2e'),
  };
}

/** The number of tests in a Playwright listing, for when none of them can run. */
export function playwrightListing(reportFile, reason) {
  const report = readReport(reportFile);
  const count = report === null ? 0 : report.suites.reduce((sum, suite) => sum + testsIn(suite), 0);
  return { ...nothing, skipped: count, reasons: Array(count).fill(reason) };
}

/**
 * Of the test files that were to run, those of which a report of vitest or Playwright has no test. Without a report the
 * run has failed as a whole, and none is named.
 * @param {string[]} files paths below the project's folder, with slashes
 * @param {string} reportFile
 */
export function filesWithoutTests(files, reportFile) {
  const report = readReport(reportFile);
  if (report === null) return [];
  const ran = [
    ...(report.testResults ?? []).map(({ name }) => name),
    ...(report.suites ?? []).map(({ file }) => `${report.config.rootDir}/${file}`),
  ].map((path) => path.replaceAll('\\', '/'));
  return files.filter((file) => !ran.some((path) => path.endsWith(`/${file}`)));
}

/** Totals, and each reason with how often it was given. */
export function sum(counts) {
  const reasons = new Map();
  for (const reason of counts.flatMap((count) => count.reasons)) {
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  const total = (key) => counts.reduce((all, count) => all + count[key], 0);
  return { passed: total('passed'), failed: total('failed'), skipped: total('skipped'), reasons };
}

/** Tests say why they are skipped in a title: "… (skipped: no Chromium on this machine)", "… (needs root)". */
function reasonFrom(titles) {
  for (const title of titles) {
    const [, reason] =
      /\((?:skipped: )?((?:needs|no|not|without|[^()]*is not installed|[^()]*can't)[^()]*)\)/.exec(title) ??
      [];
    if (reason !== undefined) return reason;
  }
  return titles.slice(0, 2).join(' > ');
}

function testsIn(suite) {
  const own = suite.specs.reduce((count, spec) => count + spec.tests.length, 0);
  return (suite.suites ?? []).reduce((count, inner) => count + testsIn(inner), own);
}

function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}
