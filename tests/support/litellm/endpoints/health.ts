import type { Call, Endpoint } from '../context';
import { timestampOf } from '../instants';

const alive = "I'm alive!";

function readiness({ proxy }: Call): unknown {
  const { databaseConnected, hideReadinessDetails } = proxy.switches;
  if (hideReadinessDetails) return { status: databaseConnected ? 'connected' : 'healthy' };
  return {
    status: databaseConnected ? 'connected' : 'healthy',
    db: databaseConnected ? 'connected' : 'Not connected',
    cache: null,
    litellm_version: proxy.reportedVersion,
    success_callbacks: ['_PROXY_DBSpendUpdateWriter'],
    use_aiohttp_transport: true,
    last_updated: timestampOf(proxy.now()),
  };
}

/** Real LiteLLM sends a completion to every deployment here, so calling it is a violation. */
function health({ proxy, recorded, state }: Call): unknown {
  proxy.recorder.violation(recorded);
  const healthy = state.models.map((deployment) => ({ ...deployment.litellm_params }));
  return {
    healthy_endpoints: healthy,
    unhealthy_endpoints: [],
    healthy_count: healthy.length,
    unhealthy_count: 0,
  };
}

export const healthEndpoints: readonly Endpoint[] = [
  { method: 'GET', path: '/health/liveliness', access: 'public', withoutDatabase: true, handle: () => alive },
  { method: 'GET', path: '/health/liveness', access: 'public', withoutDatabase: true, handle: () => alive },
  { method: 'GET', path: '/health/readiness', access: 'public', withoutDatabase: true, handle: readiness },
  { method: 'GET', path: '/health', access: 'read', withoutDatabase: true, handle: health },
];
