import type { ProxyReport } from '../../../shared/contract/sync';
import { say } from '../../kernel/say';

type Warning = ProxyReport['warnings'][number];

const maliciousReleases = ['1.82.7', '1.82.8'];
/** CVE-2026-42208, SQL injection in key verification, is fixed from here on. */
const firstSafeRelease = [1, 83, 10] as const;
const oldestTested = [1, 74, 0] as const;
const newestTested = [1, 100, Number.POSITIVE_INFINITY] as const;

type Release = readonly [number, number, number];

/** The numbers of a release such as `1.81.0`, `v1.81.0-stable` or `1.83.14.rc1`; null when it is none. */
export function parseRelease(version: string): Release | null {
  const match = /^v?(\d+)\.(\d+)(?:\.(\d+))?/.exec(version.trim());
  return match ? [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)] : null;
}

export function compareReleases(left: Release, right: Release): number {
  return left[0] - right[0] || left[1] - right[1] || left[2] - right[2];
}

/** What a person must know about the release that a proxy runs; an unknown version is untested too. */
export function versionWarnings(version: string | null): Warning[] {
  const release = version === null ? null : parseRelease(version);
  if (version === null || release === null) {
    const message = say('litellm.report.noVersion');
    return [{ kind: 'untested_release', message }];
  }
  if (maliciousReleases.includes(release.join('.'))) {
    const message = say('litellm.report.malicious', { version });
    return [{ kind: 'malicious_release', message }];
  }
  const warnings: Warning[] = [];
  if (compareReleases(release, firstSafeRelease) < 0) {
    const message = say('litellm.report.vulnerable', { version });
    warnings.push({ kind: 'vulnerable_release', message });
  }
  if (compareReleases(release, oldestTested) < 0 || compareReleases(release, newestTested) > 0) {
    const message = say('litellm.report.untested', { version });
    warnings.push({ kind: 'untested_release', message });
  }
  return warnings;
}
