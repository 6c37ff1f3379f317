import { costUnits, type ProxyState } from '../../support/litellm';
import type { Harness } from './harness';

export interface UsageTotals {
  readonly requests: number;
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly failures: number;
  readonly costUnits: bigint;
}

/** Totals of the proxy's own rows, each cost rounded as a row of ours is. */
export function remoteTotals({ spend }: Pick<ProxyState, 'spend'>): UsageTotals {
  return {
    requests: spend.length,
    promptTokens: spend.reduce((sum, row) => sum + row.prompt_tokens, 0),
    completionTokens: spend.reduce((sum, row) => sum + row.completion_tokens, 0),
    failures: spend.filter((row) => row.status === 'failure').length,
    costUnits: spend.reduce((sum, row) => sum + costUnits(row.spend), 0n),
  };
}

interface TotalsRow {
  requests: string;
  prompt: string;
  completion: string;
  failures: string;
  cost: string;
}

const totalsOf = (row: TotalsRow | undefined): UsageTotals => ({
  requests: Number(row?.requests),
  promptTokens: Number(row?.prompt),
  completionTokens: Number(row?.completion),
  failures: Number(row?.failures),
  costUnits: BigInt(row?.cost ?? '0'),
});

/** What the log and the unattributed usage hold together. */
export async function storedTotals({ rows }: Harness): Promise<UsageTotals> {
  const [row] = await rows<TotalsRow>(`
    SELECT count(*) AS requests, COALESCE(sum(request_tokens), 0) AS prompt,
      COALESCE(sum(response_tokens), 0) AS completion, count(*) FILTER (WHERE status_code >= 400) AS failures,
      COALESCE(sum(total_cost) * 1000000000000, 0)::numeric(40, 0) AS cost
    FROM (
      SELECT request_tokens, response_tokens, status_code, total_cost FROM usage_logs
      UNION ALL
      SELECT request_tokens, response_tokens, status_code, total_cost FROM litemaas_console.unattributed_usage
    ) AS everything`);
  return totalsOf(row);
}

/** What the charts read. */
export async function chartTotals({ rows }: Harness): Promise<UsageTotals> {
  const [row] = await rows<TotalsRow>(`
    SELECT COALESCE(sum(requests), 0) AS requests, COALESCE(sum(request_tokens), 0) AS prompt,
      COALESCE(sum(response_tokens), 0) AS completion, COALESCE(sum(errors), 0) AS failures,
      COALESCE(sum(cost) * 1000000000000, 0)::numeric(40, 0) AS cost
    FROM litemaas_console.usage_daily`);
  return totalsOf(row);
}
