import type { HealthFact, RepairPreview, RepairRequest } from '../../../shared/contract/health';
import type { ReportProgress } from '../../../shared/progress';
import type { Connection } from '../../postgres/database';
import { recordChange } from '../../changes/record-change';
import type { Image } from '../../changes/record-table';
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
  /** What is mended, as it is now; NULL where it is not there. */
  readonly before: Image | null;
}

export interface RepairOutcome {
  /** What was done, in a sentence. */
  readonly summary: string;
  /** What was mended, as it is now. */
  readonly after: Image;
}

/** How one kind of finding is mended. */
export type Repair<Request extends RepairRequest> = {
  /** Looks what there is to do; null when nothing is left. Only reads. */
  plan(connection: Connection, request: Request): Promise<RepairPlan | null>;
} & (
  | {
      /** All of it in one transaction, with its rows in journal and audit log. */
      readonly mode: 'transaction';
      run(connection: Connection, request: Request, plan: RepairPlan): Promise<RepairOutcome>;
    }
  | {
      /** Statements that refuse a transaction, audited before and after. What was finished stays when it is stopped. */
      readonly mode: 'outside';
      run(work: StepwiseWork, request: Request, plan: RepairPlan): Promise<RepairOutcome>;
    }
  | {
      /** In steps that are a transaction each, and record themselves. What was finished stays when it is stopped. */
      readonly mode: 'transactions';
      /** @returns what was done, in a sentence. */
      run(work: StepwiseWork, request: Request, plan: RepairPlan): Promise<string>;
    }
);

export interface StepwiseWork {
  readonly workspace: OpenWorkspace;
  readonly signal: AbortSignal;
  readonly report: ReportProgress;
}

/** The audit row of a repair that is not done: what was asked for and run, and how it came out. */
export function repairAudit(
  request: RepairRequest,
  outcome: 'begun' | 'failed',
  statements: readonly string[],
): AuditEntry {
  const metadata = factsOf(request, outcome, statements);
  return { action: 'HEALTH_REPAIR', resourceType: 'DATABASE', resourceId: targetOf(request), metadata };
}

/** Records a repair, or a step of one, that is done: in its transaction, or right after it where it refuses one. */
export async function recordRepair(
  connection: Connection,
  workspace: OpenWorkspace,
  request: RepairRequest,
  done: { readonly statements: readonly string[]; readonly before: Image | null; readonly after: Image },
): Promise<void> {
  const { statements, before, after } = done;
  await recordChange(connection, workspace, {
    action: 'HEALTH_REPAIR',
    id: targetOf(request),
    before,
    after,
    facts: factsOf(request, 'done', statements),
  });
}

function targetOf({ kind, ...target }: RepairRequest): string {
  return Object.values(target).join('.') || kind;
}

function factsOf({ kind }: RepairRequest, outcome: string, statements: readonly string[]) {
  return { repair: kind, outcome, statements: statements.slice(0, 100) };
}

/** A rough class for reading (or writing) this many bytes once. */
export function durationOfBytes(bytes: number): RepairPreview['duration'] {
  if (bytes < 200_000_000) return 'seconds';
  return bytes < 20_000_000_000 ? 'minutes' : 'long';
}
