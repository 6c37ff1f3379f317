/**
 * Whether this is `npm run test:long`, for tests that then try more. The one place that asks: the long suite runs the
 * test files that import this or have properties, and no others (`scripts/long-tests.mjs`).
 */
export const isLong = process.env['LITEMAAS_LONG'] === '1';
