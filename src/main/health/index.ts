import type { AreaHandlers } from '../router/handlers';
import { createCheckGroup } from './check-group';
import { reconcile } from './reconcile';
import { previewRepair, repairFinding } from './repairs';

/** What is wrong with the open database, and mending it. */
export function createHealthHandlers(migrationsFolder: string): AreaHandlers<'health'> {
  return { check: createCheckGroup(migrationsFolder), reconcile, previewRepair, repair: repairFinding };
}
