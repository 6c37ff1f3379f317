import type * as z from 'zod';
import { AppError } from '../../../shared/errors';
import type { LitellmClient } from '../client/client';
import { isEmptyRouter } from '../client/remote-refusal';
import { isAbsentEndpoint, refusedStatus } from '../client/failures';
import {
  type ModelDeployment,
  modelDeployment,
  modelGroup,
  modelInfoAnswer,
  modelNamesAnswer,
} from './model-rows';
import { type CheckedRows, checkRows } from '../mapping/values';

/**
 * Every deployment the proxy routes to. Where `/model/info` does not exist only the names are known. A proxy without
 * any model answers 500 on older releases: that is an empty list (API reference §1.2, pitfall f).
 */
export async function readModelDeployments(
  client: LitellmClient,
  signal: AbortSignal,
): Promise<CheckedRows<ModelDeployment>> {
  try {
    const { value } = await client.read({ path: '/model/info', schema: modelInfoAnswer, signal });
    return checkRows(modelDeployment, value.data);
  } catch (error) {
    if (saysEmptyRouter(error)) return { rows: [], rejected: [] };
    if (!isAbsentEndpoint(error)) throw error;
    const { value } = await client.read({ path: '/v1/models', schema: modelNamesAnswer, signal });
    return checkRows(
      modelDeployment,
      value.data.map(({ id }) => ({ model_name: id })),
    );
  }
}

/** What the proxy says about each public model name; empty where it can't. */
export async function readModelGroups(
  client: LitellmClient,
  signal: AbortSignal,
): Promise<CheckedRows<z.output<typeof modelGroup>>> {
  try {
    const { value } = await client.read({ path: '/model_group/info', schema: modelInfoAnswer, signal });
    return checkRows(modelGroup, value.data);
  } catch (error) {
    if (refusedStatus(error) !== null) return { rows: [], rejected: [] };
    throw error;
  }
}

function saysEmptyRouter(error: unknown): boolean {
  return error instanceof AppError && isEmptyRouter(error.message);
}
