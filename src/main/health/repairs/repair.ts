import type { HealthFact, RepairPreview, RepairRequest } from '../../../shared/contract/health';
import type { ReportProgress } from '../../../shared/progress';
import type { Connection } from '../../postgres/database';
import type { AuditEntry } from '../../changes/write-audit';
import type { OpenWorkspace } from '../../workspace/open-workspace';

export type RepairOf<Kind extends RepairRequest['kind']> = Extract<RepairRequest, { kind: Kind }>;

/** What a repair would do now. */
export interface RepairPlan {
  readonly title: string;
  readonly facts: readonly HealthFact[];
  /** Exactly what is run, in order. */
  readonly statements: readonly string[];
  readonly blocks: RepairPreview['blocks'];
  readonly duration: RepairPreview['duration'];
}

/** How one kind of finding is mended. */
export type Repair<Request extends RepairRequest> = {
  /** Looks what there is to do; null when nothing is left. Only reads. */
  plan(connection: Connection, request: Request): Promise<RepairPlan | null>;
} & (
  | {
      /** All of it in one transaction, its audit row included. */
      readonly mode: 'transaction';
      /** @returns what was done, in a sentence. */
      run(connection: Connection, request: Request, plan: RepairPlan): Promise<string>;
    }
  | {
      /**
       * In steps: what was finished stays when it is stopped. `transactions`: each with its audit row;
       * `outside`: statements that refuse a transaction, audited before and after.
       */
      readonly mode: 'transactions' | 'outside';
      run(work: StepwiseWork, request: Request, plan: RepairPlan): Promise<string>;
    }
);

export interface StepwiseWork {
  readonly workspace: OpenWorkspace;
  readonly signal: AbortSignal;
  readonly report: ReportProgress;
}

/** The audit row of a repair: what was asked for and run, and how it came out. */
export function repairAudit(
  request: RepairRequest,
  outcome: 'begun' | 'done' | 'failed',
  statements: readonly string[],
): AuditEntry {
  const { kind, ...target } = request;
  return {
    action: 'HEALTH_REPAIR',
    resourceType: 'DATABASE',
    resourceId: Object.values(target).join('.') || kind,
    metadata: { repair: kind, outcome, statements: statements.slice(0, 100) },
  };
}

/** A rough class for reading (or writing) this many bytes once. */
export function durationOfBytes(bytes: number): RepairPreview['duration'] {
  if (bytes < 200_000_000) return 'seconds';
  return bytes < 20_000_000_000 ? 'minutes' : 'long';
}
