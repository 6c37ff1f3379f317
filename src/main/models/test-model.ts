import { sql } from 'drizzle-orm';
import * as z from 'zod';
import type { Contract } from '../../shared/contract/index';
import { addDecimals, isDecimal, multiplyDecimals } from '../../shared/decimal';
import { AppError } from '../../shared/errors';
import { keptValue } from '../api-keys/reveal-api-key';
import { readRefusalText } from '../api-keys/refusal/refusal-text';
import { writeAudit } from '../changes/write-audit';
import { say } from '../kernel/say';
import { askModel, type ModelMode } from '../litellm/client/ask-model';
import type { ClientOptions } from '../litellm/client/client';
import { type ProxyLink, readLink } from '../litellm/link/proxy-link';
import { openWay, wayOf } from '../litellm/link/way-to-proxy';
import type { Connection } from '../postgres/database';
import { from } from '../postgres/relations';
import type { Handler } from '../router/handlers';
import { type Prices, readPricesNow } from './known-prices';

/** A model that was not asked for a while may have to be loaded first. */
const timeoutMs = 60_000;

/** What one word costs at most with what models wrap around it; a model answers with one token, or with a place. */
const mostTokens = {
  chat: { input: 20, output: 1 },
  embedding: { input: 5, output: 0 },
} as const satisfies Record<ModelMode, unknown>;

/** Modes of LiteLLM that are asked for something else than words. */
const otherModes: readonly string[] = [
  'audio_speech',
  'audio_transcription',
  'batch',
  'image_edit',
  'image_generation',
  'moderation',
  'ocr',
  'realtime',
  'rerank',
  'search',
  'vector_store',
  'video_generation',
];

const modelRow = z.strictObject({ capabilities: z.array(z.string()) });

async function modeOf({ select }: Connection, id: string): Promise<ModelMode | null> {
  const [model] = await select(
    modelRow,
    sql`SELECT array_remove(coalesce(m.capabilities, '{}'), NULL)::text[] AS capabilities
      FROM ${from('models', 'm')} WHERE m.id = ${id}`,
  );
  if (model === undefined) {
    throw new AppError('not_found', say('records.gone.model'), { hint: say('records.goneHint.model') });
  }
  const { capabilities } = model;
  if (capabilities.includes('embedding')) return 'embedding';
  if (capabilities.includes('chat')) return 'chat';
  return capabilities.some((mode) => otherModes.includes(mode)) ? null : 'chat';
}

/** What tokens cost; NULL where a price that counts is not known. */
function costOf(
  { inputPricePerToken, outputPricePerToken }: Prices,
  input: number,
  output: number,
): string | null {
  const part = (price: string | null, count: number): string | null =>
    count === 0 ? '0' : price !== null && isDecimal(price) ? multiplyDecimals(price, String(count)) : null;
  const [ofInput, ofOutput] = [part(inputPricePerToken, input), part(outputPricePerToken, output)];
  return ofInput === null || ofOutput === null ? null : addDecimals(ofInput, ofOutput);
}

const unknownPrices: Prices = { inputPricePerToken: null, outputPricePerToken: null };

/**
 * What testing a model would ask and cost.
 * @throws AppError `not_found` where the model is gone.
 */
export const testTerms: Handler<Contract['models']['testTerms']> = (
  { id },
  { signal, workspace: { database } },
) =>
  database.read(signal, async (connection) => {
    const mode = await modeOf(connection, id);
    const prices = (await readPricesNow(connection, id)) ?? unknownPrices;
    const { input, output } = mostTokens[mode ?? 'chat'];
    return {
      isLinked: (await readLink(connection)) !== null,
      mode,
      inputTokens: input,
      outputTokens: output,
      mostCost: mode === null ? null : costOf(prices, input, output),
    };
  });

/**
 * Asks a model one word through the linked proxy, with a key whose value is kept here or that was pasted. The value goes
 * to the proxy and nowhere else; the audit log says before and after that it was asked.
 * @throws AppError `not_found` where no proxy is linked, the model or the key is gone, or its value is not kept;
 *   `validation` where the model takes no words.
 */
export const testModel = (options: Pick<ClientOptions, 'timeoutMs'>): Handler<Contract['models']['test']> =>
  async function test({ id, key }, { signal, workspace }) {
    const { database } = workspace;
    const asked = await database.write(signal, async (connection) => {
      const mode = await modeOf(connection, id);
      if (mode === null) throw new AppError('validation', say('changes.models.test.otherMode'));
      const apiKey = 'value' in key ? key.value : await keptValue(connection, key.id);
      const prices = (await readPricesNow(connection, id)) ?? unknownPrices;
      await writeAudit(connection, workspace, [audit(id, key, { outcome: 'asked' })]);
      return { link: await linkOf(connection), mode, apiKey, prices };
    });
    const { baseUrl, headerName } = asked.link;
    const way = await openWay(wayOf(workspace, baseUrl), baseUrl);
    const address = { baseUrl, headerName, apiKey: asked.apiKey, ...way };
    const reply = await askModel(address, id, asked.mode, {
      timeoutMs: options.timeoutMs ?? timeoutMs,
      signal,
    });
    const { outcome, status, latencyMs, inputTokens, outputTokens } = reply;
    // The request was made, whoever has stopped waiting for it.
    await database.write(database.closing, (connection) =>
      writeAudit(connection, workspace, [audit(id, key, { outcome, status, latencyMs })]),
    );
    workspace.dataChanged();
    return {
      ...reply,
      reason: reply.said === null ? null : readRefusalText(reply.said).reason,
      cost:
        inputTokens === null || outputTokens === null
          ? null
          : costOf(asked.prices, inputTokens, outputTokens),
    };
  };

const audit = (
  id: string,
  key: { readonly id: string } | { readonly value: string },
  facts: Readonly<Record<string, unknown>>,
) => ({
  action: 'MODEL_TEST',
  resourceType: 'MODEL' as const,
  resourceId: id,
  metadata: { apiKeyId: 'id' in key ? key.id : null, isPasted: 'value' in key, ...facts },
});

async function linkOf(connection: Connection): Promise<ProxyLink> {
  const link = await readLink(connection);
  if (link !== null) return link;
  throw new AppError('not_found', say('litellm.link.none'), { hint: say('litellm.link.noneHint') });
}
