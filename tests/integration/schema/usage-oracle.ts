import type pg from 'pg';

/** One request as the test knows it: every dimension as it was when it was recorded. */
export interface UsageFact {
  readonly id: string;
  readonly subscription: string | null;
  readonly key: string | null;
  readonly user: string | null;
  readonly team: string | null;
  /** Milliseconds since 1970. */
  at: number;
  model: string;
  requestTokens: number;
  responseTokens: number;
  /** In units of 10^-12. */
  cost: bigint;
  latencyMs: number | null;
  status: number | null;
  /** LiteLLM turned it away itself. */
  refused: boolean;
  readonly counted: boolean;
  /** In the log under a living subscription; false: kept as unattributed usage. */
  logged: boolean;
}

/** Everything that is derived from usage, as sorted lines that can be compared. */
export interface DerivedUsage {
  readonly summaries: readonly string[];
  readonly daily: readonly string[];
  readonly monthly: readonly string[];
  readonly latency: readonly string[];
  readonly counters: readonly string[];
}

interface Sums {
  requests: number;
  errors: number;
  requestTokens: number;
  responseTokens: number;
  cost: bigint;
  latencySum: number;
  latencyCount: number;
  refused: number;
}

/** Computes from the facts alone, without SQL, what the triggers must have brought about. */
export function recompute(
  facts: readonly UsageFact[],
  subscriptions: readonly string[],
  zone: string,
  latencyBounds: readonly number[],
): DerivedUsage {
  const daily = new Map<string, Sums>();
  const monthly = new Map<string, Sums>();
  const summaries = new Map<string, Sums>();
  const latency = new Map<string, number>();
  const counters = new Map(subscriptions.map((id) => [id, { requests: 0, tokens: 0 }]));
  for (const fact of facts) {
    const day = localDay(fact.at, zone);
    const dimensions = [fact.key, fact.subscription, fact.user, fact.team, fact.model].map(
      (value) => value ?? '-',
    );
    add(daily, [day, ...dimensions].join(' '), fact);
    add(monthly, [`${day.slice(0, 7)}-01`, ...dimensions].join(' '), fact);
    if (fact.latencyMs !== null) {
      const bound = Math.max(...latencyBounds.filter((lower) => lower <= (fact.latencyMs ?? 0)));
      const bucket = `${day} ${fact.model} ${bound}`;
      latency.set(bucket, (latency.get(bucket) ?? 0) + 1);
    }
    if (!fact.logged) continue;
    const instant = new Date(fact.at).toISOString();
    for (const [type, start] of [
      ['hour', `${instant.slice(0, 13)}:00`],
      ['day', `${instant.slice(0, 10)}T00:00`],
      ['month', `${instant.slice(0, 7)}-01T00:00`],
    ] as const) {
      add(summaries, [fact.subscription ?? '-', fact.model, type, start].join(' '), fact);
    }
    const counter = counters.get(fact.subscription ?? '');
    if (fact.counted && counter) {
      counter.requests += 1;
      counter.tokens += fact.requestTokens + fact.responseTokens;
    }
  }
  return {
    daily: lines(daily, rollupFigures),
    monthly: lines(monthly, rollupFigures),
    summaries: lines(summaries, summaryFigures),
    latency: [...latency].map(([bucket, requests]) => `${bucket} = ${requests}`).sort(),
    counters: [...counters].map(([id, { requests, tokens }]) => `${id} = ${requests} ${tokens}`).sort(),
  };
}

/** Reads the same from the database; rows that corrections left at zero say nothing and are left out. */
export async function readDerived(client: pg.ClientBase): Promise<DerivedUsage> {
  const dimensions = `COALESCE(api_key_id::text, '-'), COALESCE(subscription_id::text, '-'),
    COALESCE(user_id::text, '-'), COALESCE(team_id::text, '-'), model_id`;
  const figures = `concat_ws(' ', requests, errors, request_tokens, response_tokens,
    (cost * 1000000000000)::numeric(40, 0), latency_ms_sum, latency_count, refused)`;
  const rollup = (period: string): string => `
    SELECT concat_ws(' ', to_char(${period}, 'YYYY-MM-DD'), ${dimensions}) || ' = ' || ${figures} AS line
    FROM litemaas_console.usage_${period === 'day' ? 'daily' : 'monthly'}
    WHERE (requests, errors, request_tokens, response_tokens, cost, latency_ms_sum, latency_count, refused)
      IS DISTINCT FROM (0, 0, 0, 0, 0, 0, 0, 0)`;
  const read = async (query: string): Promise<string[]> => {
    const { rows } = await client.query<{ line: string }>(query);
    return rows.map(({ line }) => line).sort();
  };
  return {
    daily: await read(rollup('day')),
    monthly: await read(rollup('month')),
    summaries: await read(`
      SELECT concat_ws(' ', subscription_id, model_id, period_type,
        to_char(period_start AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI')) || ' = ' ||
        concat_ws(' ', request_count, total_tokens, error_count, latency_sum, latency_count) AS line
      FROM usage_summaries
      WHERE (request_count, total_tokens, error_count, latency_sum, latency_count) IS DISTINCT FROM (0, 0, 0, 0, 0)`),
    latency: await read(`
      SELECT concat_ws(' ', to_char(day, 'YYYY-MM-DD'), model_id, latency_from_ms) || ' = ' || requests AS line
      FROM litemaas_console.usage_latency WHERE requests <> 0`),
    counters: await read(
      `SELECT id || ' = ' || used_requests || ' ' || used_tokens AS line FROM subscriptions`,
    ),
  };
}

function add(sums: Map<string, Sums>, key: string, fact: UsageFact): void {
  const sum = sums.get(key) ?? {
    requests: 0,
    errors: 0,
    requestTokens: 0,
    responseTokens: 0,
    cost: 0n,
    latencySum: 0,
    latencyCount: 0,
    refused: 0,
  };
  sum.requests += 1;
  sum.errors += fact.status !== null && fact.status >= 400 ? 1 : 0;
  sum.requestTokens += fact.requestTokens;
  sum.responseTokens += fact.responseTokens;
  sum.cost += fact.cost;
  sum.latencySum += fact.latencyMs ?? 0;
  sum.latencyCount += fact.latencyMs === null ? 0 : 1;
  sum.refused += fact.refused ? 1 : 0;
  sums.set(key, sum);
}

function lines(sums: Map<string, Sums>, figures: (sum: Sums) => readonly unknown[]): string[] {
  return [...sums].map(([key, sum]) => `${key} = ${figures(sum).join(' ')}`).sort();
}

const rollupFigures = (sum: Sums): readonly unknown[] => [
  sum.requests,
  sum.errors,
  sum.requestTokens,
  sum.responseTokens,
  sum.cost,
  sum.latencySum,
  sum.latencyCount,
  sum.refused,
];

const summaryFigures = (sum: Sums): readonly unknown[] => [
  sum.requests,
  sum.requestTokens + sum.responseTokens,
  sum.errors,
  sum.latencySum,
  sum.latencyCount,
];

const formats = new Map<string, Intl.DateTimeFormat>();

function localDay(at: number, zone: string): string {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-CA', {
      timeZone: zone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
    });
    formats.set(zone, format);
  }
  return format.format(at);
}
