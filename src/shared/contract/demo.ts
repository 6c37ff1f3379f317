import * as z from 'zod';
import { job, query } from './define';
import { emptyInput, instant } from './values';

export const demoContract = {
  status: query({
    scope: 'schema',
    input: emptyInput,
    output: z.object({
      loaded: z.boolean(),
      loadedAt: instant.nullable(),
      /** True while the workspace holds nobody and nothing else: only then the demo may be loaded. */
      canLoad: z.boolean(),
      reason: z.string().nullable(),
    }),
  }),
  load: job({
    scope: 'schema',
    writes: true,
    input: emptyInput,
    output: z.object({
      users: z.int(),
      teams: z.int(),
      subscriptions: z.int(),
      apiKeys: z.int(),
      requests: z.int(),
    }),
  }),
  remove: job({
    scope: 'schema',
    writes: true,
    input: emptyInput,
    output: z.object({ removedRows: z.int() }),
  }),
};
