import type { Endpoint } from '../context';
import { completionEndpoints } from './completions';
import { dailyActivityEndpoints } from './daily-activity';
import { globalSpendEndpoints } from './global-spend';
import { healthEndpoints } from './health';
import { keyEndpoints } from './keys';
import { keyWriteEndpoints } from './key-writes';
import { modelEndpoints } from './models';
import { spendLogEndpoints } from './spend-logs';
import { teamEndpoints } from './teams';
import { teamMemberEndpoints } from './team-members';
import { teamWriteEndpoints } from './team-writes';
import { userEndpoints } from './users';
import { userWriteEndpoints } from './user-writes';

/** Everything the simulated proxy answers; any other path is FastAPI's 404. */
export const endpoints: readonly Endpoint[] = [
  ...healthEndpoints,
  ...modelEndpoints,
  ...completionEndpoints,
  ...teamEndpoints,
  ...userEndpoints,
  ...keyEndpoints,
  ...spendLogEndpoints,
  ...dailyActivityEndpoints,
  ...globalSpendEndpoints,
  ...teamWriteEndpoints,
  ...teamMemberEndpoints,
  ...userWriteEndpoints,
  ...keyWriteEndpoints,
];
