import { isLong } from './long-runs';

// Set-up of every file with properties: the long suite tries ten times as many cases where it is not said how many.
if (isLong) {
  const { default: fc } = await import('fast-check');
  fc.configureGlobal({ numRuns: 1_000 });
}
