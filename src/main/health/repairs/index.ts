import { createHash } from 'node:crypto';
import type { Contract } from '../../../shared/contract/index';
import type { RepairRequest } from '../../../shared/contract/health';
import { AppError } from '../../../shared/errors';
import { writeAudit } from '../../changes/write-audit';
import type { Connection } from '../../postgres/database';
import type { Handler } from '../../router/handlers';
import { say } from '../../kernel/say';
import type { OpenWorkspace } from '../../workspace/open-workspace';
import { createIndex } from './create-index';
import { monthPartitions } from './month-partitions';
import { rebuildRollups } from './rebuild-rollups';
import { reindex } from './reindex';
import { recordRepair, repairAudit, type Repair, type RepairOf, type RepairPlan } from './repair';
import { createSearchIndexes } from './search-indexes';
import { validateConstraint } from './validate-constraint';

const auditTimeoutMs = 15_000;

const repairs = {
  create_partitions: monthPartitions,
  move_default_rows: monthPartitions,
  reindex,
  validate_constraint: validateConstraint,
  create_index: createIndex,
  create_search_indexes: createSearchIndexes,
  rebuild_usage: rebuildRollups,
} satisfies { [Kind in RepairRequest['kind']]: Repair<RepairOf<Kind>> };

// Each is written for its own request; a request's kind finds the one that is.
const repairFor = ({ kind }: RepairRequest): Repair<RepairRequest> => repairs[kind];

/** What a repair would do, without doing any of it. */
export const previewRepair: Handler<Contract['health']['previewRepair']> = (
  { repair },
  { signal, workspace: { database } },
) =>
  database.read(signal, async (connection) => {
    const { mode } = repairFor(repair);
    const plan = await lookUp(connection, repair);
    const oneTransaction = mode === 'transaction';
    if (plan === null) {
      return {
        title: say(`health.repair.title.${repair.kind}`),
        needed: false,
        facts: [],
        statements: [],
        blocks: 'schema_changes',
        oneTransaction,
        duration: 'seconds',
        version: versionOf(null),
      };
    }
    const { title, facts, statements, blocks, duration } = plan;
    return {
      title,
      needed: true,
      facts: [...facts],
      statements: [...statements],
      blocks,
      oneTransaction,
      duration,
      version: versionOf(plan),
    };
  });

/**
 * Mends a finding, after a new look: what would be done must still be what was previewed.
 * @throws AppError `conflict` when there is nothing left to repair or something else would be done by now, and the
 *   database's own errors.
 */
export const repairFinding: Handler<Contract['health']['repair']> = async (
  { repair, version },
  { signal, report, workspace },
) => {
  const { database } = workspace;
  const found = repairFor(repair);
  report({ title: say(`health.repair.title.${repair.kind}`) });
  if (found.mode === 'transaction') {
    return database.batch(signal, async (connection) => {
      const plan = stillAsPreviewed(await lookUp(connection, repair), version);
      const { summary, after } = await found.run(connection, repair, plan);
      await recordRepair(connection, workspace, repair, { ...plan, after });
      return { summary };
    });
  }
  const plan = stillAsPreviewed(
    await database.read(signal, (connection) => lookUp(connection, repair)),
    version,
  );
  const work = { workspace, signal, report };
  if (found.mode === 'transactions') return { summary: await found.run(work, repair, plan) };
  // No transaction holds it: the trail says when it began and how it came out.
  const begun = repairAudit(repair, 'begun', plan.statements);
  await later(workspace, (connection) => writeAudit(connection, workspace, [begun]));
  const { summary, after } = await found.run(work, repair, plan).catch(async (error: unknown) => {
    // What went wrong matters more than a trail that cannot be written either.
    const failed = repairAudit(repair, 'failed', plan.statements);
    await later(workspace, (connection) => writeAudit(connection, workspace, [failed])).catch(
      () => undefined,
    );
    throw error;
  });
  await later(workspace, (connection) => recordRepair(connection, workspace, repair, { ...plan, after }));
  return { summary };
};

function lookUp(connection: Connection, repair: RepairRequest): Promise<RepairPlan | null> {
  return repairFor(repair).plan(connection, repair);
}

function stillAsPreviewed(plan: RepairPlan | null, version: string): RepairPlan {
  if (plan === null) {
    throw new AppError('conflict', say('health.repair.nothingLeft'), {
      hint: say('health.repair.checkAgain'),
    });
  }
  if (versionOf(plan) !== version) {
    throw new AppError('conflict', say('health.repair.changed'), { hint: say('health.repair.previewAgain') });
  }
  return plan;
}

/** By what is run: rows that arrive meanwhile change nothing about it. */
function versionOf(plan: RepairPlan | null): string {
  return createHash('sha256')
    .update(JSON.stringify(plan?.statements ?? null))
    .digest('hex')
    .slice(0, 32);
}

/** Writes the trail in a transaction of its own, also after the work was cancelled. */
function later({ database }: OpenWorkspace, leave: (connection: Connection) => Promise<void>): Promise<void> {
  return database.write(AbortSignal.timeout(auditTimeoutMs), leave);
}
