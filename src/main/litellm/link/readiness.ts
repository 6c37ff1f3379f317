import * as z from 'zod';
import type { LitellmClient } from '../client/client';

const readinessAnswer = z.looseObject({
  status: z.string(),
  db: z.string().nullish(),
  litellm_version: z.string().nullish(),
});

export interface Readiness {
  readonly version: string | null;
  /** Null when the proxy hides it. */
  readonly databaseConnected: boolean | null;
}

/**
 * Asks `/health/readiness`, which needs no key and sends nothing to a model (`/health` does and is never called).
 * @throws AppError litellm_protocol when something else than LiteLLM answers.
 */
export async function readReadiness(client: LitellmClient, signal: AbortSignal): Promise<Readiness> {
  const { value } = await client.read({ path: '/health/readiness', schema: readinessAnswer, signal });
  return {
    version: value.litellm_version ?? null,
    databaseConnected: value.db === undefined || value.db === null ? null : value.db === 'connected',
  };
}
