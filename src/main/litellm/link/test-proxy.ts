import * as z from 'zod';
import type { ProxyReport } from '../../../shared/contract/sync';
import type { LitellmClient } from '../client/client';
import { isLoopback } from '../client/proxy-url';
import { readModelDeployments } from '../models/read-models';
import { readKeyRole } from './key-role';
import { versionWarnings } from './proxy-version';
import { readReadiness } from './readiness';
import { say } from '../../kernel/say';

const anyAnswer = z.looseObject({});

/**
 * Asks a proxy who it is and what this key may do there. Reads only; `apiKey` is the client's own key.
 * @throws AppError litellm_unreachable, litellm_auth, litellm_refused, litellm_protocol.
 */
export async function testProxy(
  client: LitellmClient,
  apiKey: string,
  signal: AbortSignal,
): Promise<ProxyReport> {
  const startedAt = performance.now();
  const readiness = await readReadiness(client, signal);
  const latencyMs = Math.round(performance.now() - startedAt);
  // Answers without a database too, so a wrong key is told from a missing database.
  await client.read({ path: '/v1/models', schema: anyAnswer, signal });
  const databaseConnected = readiness.databaseConnected !== false;
  if (databaseConnected) {
    await client.read({ path: '/user/list', query: { page: 1, page_size: 1 }, schema: anyAnswer, signal });
  }
  const canWrite = databaseConnected && (await readKeyRole(client, apiKey, signal)) === 'admin';
  const deployments = await readModelDeployments(client, signal);
  return {
    version: readiness.version,
    databaseConnected,
    models: new Set(deployments.rows.map((deployment) => deployment.model_name)).size,
    canWrite,
    latencyMs,
    warnings: [
      ...versionWarnings(readiness.version),
      ...surroundings(client.baseUrl, databaseConnected, canWrite),
    ],
  };
}

function surroundings(
  baseUrl: string,
  databaseConnected: boolean,
  canWrite: boolean,
): ProxyReport['warnings'] {
  const warnings: ProxyReport['warnings'] = [];
  if (baseUrl.startsWith('http:') && !isLoopback(baseUrl)) {
    const message = say('litellm.report.plainHttp');
    warnings.push({ kind: 'plain_http', message });
  }
  if (!databaseConnected) {
    const message = say('litellm.report.noDatabase');
    warnings.push({ kind: 'no_database', message });
  } else if (!canWrite) {
    const message = say('litellm.report.readOnlyKey');
    warnings.push({ kind: 'read_only_key', message });
  }
  return warnings;
}
