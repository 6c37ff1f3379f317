import type { Call, Endpoint } from '../context';
import { licenceRefusal } from '../http/failures';

/** Zeroes every counter on the proxy: nobody who syncs may ever call it. */
function resetSpend({ proxy, recorded, state }: Call): unknown {
  proxy.recorder.violation(recorded);
  for (const bearer of [...state.keys.values(), ...state.teams.values()]) bearer.spend = 0;
  return { message: 'Spend for all API Keys and Teams reset successfully', status: 'success' };
}

function spendReport(): unknown {
  throw licenceRefusal(400, '/global/spend/report');
}

export const globalSpendEndpoints: readonly Endpoint[] = [
  { method: 'POST', path: '/global/spend/reset', access: 'write', handle: resetSpend },
  { method: 'GET', path: '/global/spend/report', access: 'read', handle: spendReport },
];
