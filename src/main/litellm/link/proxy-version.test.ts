import { describe, expect, it } from 'vitest';
import { versionWarnings } from './proxy-version';

const kinds = (version: string | null): string[] => versionWarnings(version).map(({ kind }) => kind);

describe('versionWarnings', () => {
  it.each([
    ['1.81.0', ['vulnerable_release']],
    ['v1.83.9-stable', ['vulnerable_release']],
    ['1.83.10', []],
    ['1.83.14.rc1', []],
    ['1.100.3', []],
    ['1.101.0', ['untested_release']],
    ['1.73.9', ['vulnerable_release', 'untested_release']],
    ['1.82.7', ['malicious_release']],
    ['1.82.8', ['malicious_release']],
    ['1.82.6', ['vulnerable_release']],
    ['nightly', ['untested_release']],
    [null, ['untested_release']],
  ])('%s: %j', (version, expected) => {
    expect(kinds(version)).toEqual(expected);
  });
});
