import { sql } from 'drizzle-orm';
import * as z from 'zod';
import { recordedDecimal } from '../../../shared/contract/values';
import { plainDecimal } from '../../../shared/decimal';
import type { Connection } from '../../postgres/database';
import { from, table } from '../../postgres/relations';
import { canonicalJson } from '../mapping/fields';
import { mapModel, type MappedModel } from './map-model';
import type { ModelDeployment } from './model-rows';
import type { RejectedRow } from '../mapping/values';
import { models } from './model-table';
import { count, type PullContext } from '../pull/pull-context';
import { readModelDeployments, readModelGroups } from './read-models';
import { saveChanged, scanOf, storeBatch, unreadableObject } from '../pull/scan-pages';
import { applyPage } from '../pull/store/apply-page';
import { noteMissing } from '../pull/store/remote-objects';
import { contentId } from '../mapping/content-id';
import { say } from '../../kernel/say';

const batchSize = 200;

/** Models come in one answer; deployments that share a public name are one model. */
export async function pullModels(context: PullContext): Promise<void> {
  const { client, signal, report, workspace } = context;
  const title = say('litellm.pull.models');
  report({ title });
  const deployments = await readModelDeployments(client, signal);
  const groups = await readModelGroups(client, signal);
  const groupByName = new Map(groups.rows.map((group) => [group.model_group, group]));
  const byName = new Map<string, ModelDeployment[]>();
  for (const row of deployments.rows)
    byName.set(row.model_name, [...(byName.get(row.model_name) ?? []), row]);
  const mapped = [...byName].map(([name, rows]) => mapModel(name, rows, groupByName.get(name)));
  const seen = mapped.map((model) => remoteIdOf(model.modelId));
  for (let start = 0; start < mapped.length; start += batchSize) {
    report({
      title,
      detail: say('litellm.pull.ofTotal', { done: start, total: mapped.length }),
      done: start,
      total: mapped.length,
    });
    const batch = mapped.slice(start, start + batchSize);
    await storeBatch(context, 'models', async (connection) => {
      const items = batch.map((model) => ({ remoteId: remoteIdOf(model.modelId), mapped: model.mapped }));
      const figures = await applyPage(connection, scanOf(context), models, items);
      await appendPrices(connection, batch);
      count(context, 'models', { ...figures, read: batch.length });
    });
  }
  seen.push(...(await keepRejected(context, deployments.rejected)));
  await workspace.database.batch(signal, (connection) =>
    noteMissing(connection, scanOf(context), 'model', seen),
  );
}

/** Names that are too long for an index entry of ours are known by their hash. */
function remoteIdOf(modelId: string): string {
  return modelId.length > 1000 ? contentId(modelId) : modelId;
}

async function keepRejected(context: PullContext, rejected: readonly RejectedRow[]): Promise<string[]> {
  if (rejected.length === 0) return [];
  const objects = rejected.map((row) => unreadableObject(contentId(canonicalJson(row.content)), row));
  await storeBatch(context, 'models', async (connection) => {
    await saveChanged(connection, context, 'model', objects);
    count(context, 'models', { read: objects.length, homeless: objects.length });
  });
  return objects.map((object) => object.remoteId);
}

const knownPrice = z.strictObject({
  model_id: z.string(),
  input: recordedDecimal.nullable(),
  output: recordedDecimal.nullable(),
});

/** Appends a price row where the price is another than the one valid now: older requests keep theirs. */
async function appendPrices({ select, run }: Connection, batch: readonly MappedModel[]): Promise<void> {
  const known = await select(
    knownPrice,
    sql`
    SELECT DISTINCT ON (model_id) model_id, input_price_per_token AS input, output_price_per_token AS output
    FROM ${from('model_prices')} WHERE model_id = ANY(${sql.param(batch.map((model) => model.modelId))}::text[])
    ORDER BY model_id, valid_from DESC`,
  );
  const before = new Map(known.map((row) => [row.model_id, row]));
  const changed = batch.filter(({ modelId, mapped, prices }) => {
    const last = before.get(modelId);
    return mapped.home && !(samePrice(prices.input, last?.input) && samePrice(prices.output, last?.output));
  });
  if (changed.length === 0) return;
  const rows = changed.map(({ modelId, prices }) => ({ model_id: modelId, ...prices }));
  await run(sql`
    INSERT INTO ${table('model_prices')}
      (model_id, valid_from, input_price_per_token, output_price_per_token, source)
    SELECT model_id, CURRENT_TIMESTAMP, input, output, 'litellm'
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r (model_id text, input numeric, output numeric)`);
}

function samePrice(now: string | null, before: string | null | undefined): boolean {
  if (now === null || before === null || before === undefined) return now === (before ?? null);
  return plainDecimal(before) === now;
}
