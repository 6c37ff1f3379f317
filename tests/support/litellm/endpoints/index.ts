import type { Endpoint } from '../context';
import { dailyActivityEndpoints } from './daily-activity';
import { globalSpendEndpoints } from './global-spend';
import { healthEndpoints } from './health';
import { keyEndpoints } from './keys';
import { modelEndpoints } from './models';
import { spendLogEndpoints } from './spend-logs';
import { teamEndpoints } from './teams';
import { userEndpoints } from './users';

/** Everything the simulated proxy answers; any other path is FastAPI's 404. */
export const endpoints: readonly Endpoint[] = [
  ...healthEndpoints,
  ...modelEndpoints,
  ...teamEndpoints,
  ...userEndpoints,
  ...keyEndpoints,
  ...spendLogEndpoints,
  ...dailyActivityEndpoints,
  ...globalSpendEndpoints,
];
