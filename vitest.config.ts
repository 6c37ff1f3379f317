import { defineConfig } from 'vitest/config';

/** One project per kind of test; integration and security tests share one PostgreSQL cluster per run. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['src/**/*.test.ts', 'src/**/*.test.tsx', 'tests/support/**/*.test.ts'],
          environment: 'node',
          // Property tests on a busy machine.
          testTimeout: 30_000,
          setupFiles: ['tests/support/many-cases.ts'],
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
          maxWorkers: 2,
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
