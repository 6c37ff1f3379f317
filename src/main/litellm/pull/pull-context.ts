import type { SyncEntity } from '../../../shared/contract/sync';
import type { Progress } from '../../../shared/progress';
import type { OpenWorkspace } from '../../workspace/open-workspace';
import type { LitellmClient } from '../client/client';
import type { KeyRole } from '../link/key-role';
import type { EntityProgress, PullRun } from './store/sync-runs';

/** What every step of a pull works with. */
export interface PullContext {
  readonly workspace: OpenWorkspace;
  readonly client: LitellmClient;
  /** The proxy's name in our bookkeeping: its base URL. */
  readonly proxyId: string;
  readonly role: KeyRole;
  readonly run: PullRun;
  readonly backfillDays: number;
  readonly now: () => Date;
  readonly signal: AbortSignal;
  report(progress: Progress): void;
}

/** Adds one batch's figures to the entity's. */
export function count(
  { run }: PullContext,
  entity: SyncEntity,
  figures: Partial<Omit<EntityProgress, 'state'>>,
): void {
  const progress = run.entities[entity];
  progress.read += figures.read ?? 0;
  progress.created += figures.created ?? 0;
  progress.updated += figures.updated ?? 0;
  progress.unchanged += figures.unchanged ?? 0;
  progress.homeless += figures.homeless ?? 0;
}
