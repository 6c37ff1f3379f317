import { syncEntities, type SyncEntity, type SyncRun } from '../../../shared/contract/sync';
import { AppError, isCancelled } from '../../../shared/errors';
import type { ReportProgress } from '../../../shared/progress';
import { analyzeTables } from '../../postgres/analyze-tables';
import { toErrorEnvelope } from '../../router/error-envelope';
import type { OpenWorkspace } from '../../workspace/open-workspace';
import type { ClientOptions } from '../client/client';
import { readKeyRole } from '../link/key-role';
import { type LinkedClient, openLinkedClient } from '../link/linked-client';
import { readLink } from '../link/proxy-link';
import { operatorName } from '../../changes/write-audit';
import type { PullContext } from './pull-context';
import { hashOf } from '../spend/attribute-spend';
import { subscriptionsForUsage } from '../spend/subscriptions-for-usage';
import { pullKeys } from '../keys/pull-keys';
import { pullMembers } from '../teams/pull-members';
import { pullModels } from '../models/pull-models';
import { pullSpend } from '../spend/pull-spend';
import { pullTeams } from '../teams/pull-teams';
import { pullUsers } from '../users/pull-users';
import { takePullLock } from './store/pull-lock';
import { keepPartitionsAhead } from '../../usage-log/keep-partitions';
import { beginRun, finishRun, type PullRun, saveProgress } from './store/sync-runs';
import { say } from '../../kernel/say';

const closingTimeoutMs = 10_000;
/** From this many created or updated rows on, PostgreSQL's own estimates are renewed after a pull. */
const manyRows = 1000;

export interface PullRequest {
  readonly workspace: OpenWorkspace;
  readonly backfillDays: number;
  readonly signal: AbortSignal;
  readonly report: ReportProgress;
  readonly clientOptions: ClientOptions;
}

/**
 * Pulls everything from the linked proxy: models, teams, users, members, keys, spend, each in transactions of its own,
 * so that what was read stays when the run ends early. Takes up an interrupted run where it stopped. Writes nothing
 * that is already there, and nothing to the proxy.
 * @throws AppError not_found without a link, busy while another console pulls, litellm_… and db_…, cancelled.
 */
export async function runPull(request: PullRequest): Promise<SyncRun> {
  const { workspace, signal, report } = request;
  report({ title: say('litellm.pull.connect') });
  const link = await workspace.database.read(signal, readLink);
  const linked = await openLinkedClient(workspace, link, {
    ...request.clientOptions,
    onPause: (waitMs) => {
      const seconds = Math.ceil(waitMs / 1000);
      report({ title: say('litellm.pull.connect'), detail: say('litellm.pull.waiting', { seconds }) });
    },
  });
  try {
    const lock = await takePullLock(workspace.database);
    try {
      return await runLocked(request, linked, AbortSignal.any([signal, lock.lost]));
    } finally {
      await lock.release();
    }
  } finally {
    linked.client.close();
  }
}

async function runLocked(request: PullRequest, linked: LinkedClient, signal: AbortSignal): Promise<SyncRun> {
  const { workspace } = request;
  const proxyId = linked.link.baseUrl;
  const run = await workspace.database.write(signal, (connection) =>
    beginRun(connection, proxyId, operatorName()),
  );
  try {
    const context: PullContext = {
      workspace,
      client: linked.client,
      proxyId,
      role: await readKeyRole(linked.client, linked.apiKey, signal),
      run,
      backfillDays: request.backfillDays,
      now: request.clientOptions.now ?? (() => new Date()),
      signal,
      report: request.report,
    };
    await keepPartitionsAhead(workspace, 'pull', { now: context.now(), signal });
    for (const entity of syncEntities) await pullEntity(context, entity, linked.apiKey);
  } catch (error) {
    await close(workspace, run, error);
    // The lock's connection was lost: that is the cause, not the cancelling that followed from it.
    throw signal.aborted && !request.signal.aborted ? signal.reason : error;
  }
  const finished = await workspace.database.write(signal, (connection) =>
    finishRun(connection, run, { state: 'succeeded', error: null }),
  );
  if (changedRows(run) >= manyRows) await analyzeTables(workspace.database, signal);
  return finished;
}

function changedRows({ entities }: PullRun): number {
  return Object.values(entities).reduce((sum, { created, updated }) => sum + created + updated, 0);
}

async function pullEntity(context: PullContext, entity: SyncEntity, apiKey: string): Promise<void> {
  const { run, workspace, signal, proxyId } = context;
  const progress = run.entities[entity];
  if (progress.state === 'done') return;
  progress.state = 'running';
  try {
    await workspace.database.write(signal, (connection) => saveProgress(connection, run));
    await steps[entity](context, { proxyId, apiKey });
  } catch (error) {
    // Cancelled is not failed: it waits to be taken up.
    run.entities[entity].state = isCancelled(error) ? 'waiting' : 'failed';
    throw error;
  }
  run.entities[entity].state = 'done';
  run.cursor = { ...run.cursor, page: null };
  await workspace.database.write(signal, (connection) => saveProgress(connection, run));
  workspace.dataChanged();
}

interface StepNeeds {
  readonly proxyId: string;
  readonly apiKey: string;
}

const steps: Readonly<Record<SyncEntity, (context: PullContext, needs: StepNeeds) => Promise<void>>> = {
  models: pullModels,
  teams: pullTeams,
  users: pullUsers,
  members: pullMembers,
  keys: pullKeys,
  spend: (context, { proxyId, apiKey }) =>
    pullSpend(context, {
      proxyId,
      ownKeyHash: hashOf(apiKey),
      ensureSubscriptions: subscriptionsForUsage(context.workspace, proxyId),
    }),
};

/** Writes how the run ended; a database that is gone shows it as interrupted later. */
async function close(workspace: OpenWorkspace, run: PullRun, error: unknown): Promise<void> {
  const state = isCancelled(error) ? 'cancelled' : 'failed';
  const envelope = state === 'failed' ? toErrorEnvelope(error) : null;
  try {
    // The run's own signal is aborted when it was cancelled.
    await workspace.database.write(AbortSignal.timeout(closingTimeoutMs), (connection) =>
      finishRun(connection, run, { state, error: envelope }),
    );
    workspace.dataChanged();
  } catch (failure) {
    if (!(failure instanceof AppError)) throw failure;
  }
}
