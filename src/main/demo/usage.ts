import { multiplyDecimals } from '../../shared/decimal';
import type { UsageImportRow } from '../usage-log/import-usage';
import type { DemoModel } from './models';
import { createRandom } from './random';
import type { DemoKey, DemoRecords, DemoSubscription } from './records';
import type { TraceRequest } from './trace';

const seed = 28_185;
const stretchedDays = 30;
const dayMs = 86_400_000;
const errorShare = 0.014;
const failures = [
  { status: 429, message: 'Rate limit reached (simulated)' },
  { status: 500, message: 'The model provider failed (simulated)' },
  { status: 400, message: 'Context window exceeded (simulated)' },
] as const;

interface Caller {
  readonly key: DemoKey;
  readonly subscription: DemoSubscription;
  readonly model: DemoModel;
}

/**
 * The trace's requests as usage of the demo's keys, stretched over the 30 days before `now`. Times and token
 * counts are real; who asked, which model, latency and errors are simulated and marked so in `metadata`.
 */
export function* demoUsage(
  trace: readonly TraceRequest[],
  records: DemoRecords,
  models: readonly DemoModel[],
  now: Date,
): Generator<UsageImportRow> {
  const random = createRandom(seed);
  const [first, ...others] = callersOf(records, models);
  if (!first) throw new RangeError('The demo has no key that could be used');
  const callers = [first, ...others] as const;
  const startMs = now.getTime() - stretchedDays * dayMs;
  // One second short, so that the last request is in the past.
  const lengthMs = stretchedDays * dayMs - 1000;

  for (const [index, request] of trace.entries()) {
    const { key, subscription, model } = random.favouring(callers);
    const failure = random.next() < errorShare ? failures[random.below(failures.length)] : undefined;
    const generated = failure ? 0 : request.generatedTokens;
    const context = failure ? 0 : request.contextTokens;
    yield {
      requestId: `demo-${String(index).padStart(5, '0')}`,
      createdAt: new Date(startMs + request.position * lengthMs).toISOString().replace('Z', '000Z'),
      apiKeyId: key.id,
      subscriptionId: subscription.id,
      userId: key.user_id,
      teamId: key.team_id,
      modelId: model.id,
      requestTokens: context,
      responseTokens: generated,
      inputCost: multiplyDecimals(model.inputPricePerToken ?? '0', String(context)),
      outputCost: multiplyDecimals(model.outputPricePerToken ?? '0', String(generated)),
      latencyMs: failure ? 40 + random.below(400) : latencyMs(context, generated, random.next()),
      statusCode: failure?.status ?? 200,
      errorMessage: failure?.message ?? null,
      metadata: { demo: true, trace: request.kind, simulated: ['caller', 'model', 'latency', 'errors'] },
    };
  }
}

/** Who can ask: active keys of active subscriptions, busiest first. */
function callersOf(records: DemoRecords, models: readonly DemoModel[]): Caller[] {
  const modelById = new Map(models.map((model) => [model.id, model]));
  const usable = records.keys.filter(
    (key) => key.is_active && key.revoked_at === null && key.expires_at === null,
  );
  return usable.flatMap((key) =>
    records.subscriptions
      .filter(
        ({ user_id, model_id, status, expires_at }) =>
          user_id === key.user_id &&
          key.model_ids.includes(model_id) &&
          status === 'active' &&
          expires_at === null,
      )
      .flatMap((subscription) => {
        const model = modelById.get(subscription.model_id);
        return model ? [{ key, subscription, model }] : [];
      }),
  );
}

/** First token after reading the context, then a steady rate, both with a long tail. */
function latencyMs(contextTokens: number, generatedTokens: number, chance: number): number {
  const tail = 0.7 + 0.6 * chance + (chance > 0.98 ? 3 * (chance - 0.98) * 50 : 0);
  return Math.round((180 + contextTokens * 0.06 + generatedTokens * 14) * tail);
}
