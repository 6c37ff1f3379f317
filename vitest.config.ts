import { defineConfig } from 'vitest/config';

const renderer = 'src/renderer/**/*.test.{ts,tsx}';
const ofUnits = {
  // Property tests on a busy machine.
  testTimeout: 30_000,
  setupFiles: ['tests/support/many-cases.ts'],
};

/** One project per kind of test; integration and security tests share one PostgreSQL cluster per run. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['src/**/*.test.{ts,tsx}', 'tests/support/**/*.test.ts'],
          exclude: [renderer],
          // Loading everything anew for each file takes longer than the tests, and the modules of main keep nothing.
          isolate: false,
          ...ofUnits,
        },
      },
      {
        test: {
          // Its modules keep what belongs to the page: messages, the bridge, the state that the console told.
          name: 'unit-renderer',
          include: [renderer],
          ...ofUnits,
        },
      },
      {
        test: {
          name: 'integration',
          include: ['tests/integration/**/*.test.ts'],
          globalSetup: ['tests/support/postgres-cluster.ts'],
          setupFiles: ['tests/support/many-cases.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
          // One more than cores: much of the time is spent waiting for servers, time limits and the disk.
          maxWorkers: 3,
        },
      },
      {
        test: {
          name: 'security',
          include: ['tests/security/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
          maxWorkers: 2,
        },
      },
    ],
  },
});
