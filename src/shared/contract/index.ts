import type * as z from 'zod';
import { apiKeysContract } from './api-keys';
import { appContract } from './app';
import { auditContract } from './audit';
import { browseContract } from './browse';
import { changesContract } from './changes';
import { databaseContract } from './database';
import { demoContract } from './demo';
import { healthContract } from './health';
import { modelsContract } from './models';
import { overviewContract } from './overview';
import { searchContract } from './search';
import { settingsContract } from './settings';
import { sqlContract } from './sql';
import { subscriptionsContract } from './subscriptions';
import { syncContract } from './sync';
import { teamsContract } from './teams';
import { usageContract } from './usage';
import { usersContract } from './users';
import type { FileOutput } from './values';
import { workspaceContract } from './workspace';

/** Everything that can be asked of main: area → procedure. */
export const contract = {
  app: appContract,
  workspace: workspaceContract,
  database: databaseContract,
  sync: syncContract,
  demo: demoContract,
  overview: overviewContract,
  users: usersContract,
  teams: teamsContract,
  models: modelsContract,
  subscriptions: subscriptionsContract,
  apiKeys: apiKeysContract,
  usage: usageContract,
  audit: auditContract,
  changes: changesContract,
  browse: browseContract,
  sql: sqlContract,
  health: healthContract,
  search: searchContract,
  settings: settingsContract,
};

export type Contract = typeof contract;
export type AreaName = keyof Contract;
export type ProcedureName<Area extends AreaName> = keyof Contract[Area] & string;

interface Shape {
  readonly kind: string;
  readonly input: z.ZodType;
  readonly output: z.ZodType;
}

/** What a caller passes: defaults may be left out. */
export type InputOf<P> = P extends Shape ? z.input<P['input']> : never;
/** What a handler receives: checked, defaults filled in. */
export type CheckedInputOf<P> = P extends Shape ? z.output<P['input']> : never;
export type ResultOf<P> = P extends Shape ? z.output<P['output']> : never;

/** What a call answers: a job its id, a file where it went, everything else its output. */
export type AnswerOf<P> = P extends { kind: 'job' }
  ? { jobId: string }
  : P extends { kind: 'file' }
    ? FileOutput
    : ResultOf<P>;
