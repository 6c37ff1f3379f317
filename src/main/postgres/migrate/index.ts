export { migrate, migrationStatus, type MigrateOptions, type MigrationOutcome } from './migrate';
export { preflight, type PreflightCheck } from './preflight';
export { readMigrations, type Migration } from './read-migrations';
export type { MigrationStatus } from './ledger';
export { readRoutines } from './read-routines';
