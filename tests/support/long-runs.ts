import fc from 'fast-check';

// npm run test:long: ten times as many cases of every property that does not say how many it needs.
if (process.env['LITEMAAS_LONG'] === '1') fc.configureGlobal({ numRuns: 1_000 });
