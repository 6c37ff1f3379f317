import * as z from 'zod';
import { file, query } from './define';
import {
  bigInteger,
  decimal,
  instant,
  listInput,
  listOutput,
  optionsInput,
  optionsOutput,
  reference,
  uuid,
} from './values';

const teamRow = z.object({
  id: uuid,
  name: z.string(),
  alias: z.string().nullable(),
  description: z.string().nullable(),
  isActive: z.boolean(),
  memberCount: z.int(),
  subscriptionCount: z.int(),
  apiKeyCount: z.int(),
  maxBudget: decimal.nullable(),
  currentSpend: decimal.nullable(),
  budgetDuration: z.string().nullable(),
  /** True when the team is allowed every model (an empty list in the database). */
  allModels: z.boolean(),
  allowedModels: z.array(z.string()),
  litellmTeamId: z.string().nullable(),
  syncStatus: z.string().nullable(),
  createdAt: instant.nullable(),
});
export type TeamRow = z.infer<typeof teamRow>;

const memberRow = z.object({
  user: reference,
  email: z.string().nullable(),
  role: z.string().nullable(),
  isActive: z.boolean(),
  joinedAt: instant.nullable(),
});
export type TeamMemberRow = z.infer<typeof memberRow>;

const teamList = listInput(['name', 'alias', 'memberCount', 'maxBudget', 'currentSpend', 'createdAt'], {
  active: z.boolean().optional(),
  syncStatus: z.string().max(20).optional(),
  userId: uuid.optional(),
});

export const teamsContract = {
  list: query({ scope: 'schema', input: teamList, output: listOutput(teamRow) }),
  get: query({
    scope: 'schema',
    input: z.strictObject({ id: uuid }),
    output: teamRow.extend({
      createdBy: reference.nullable(),
      tpmLimit: bigInteger.nullable(),
      rpmLimit: bigInteger.nullable(),
      lastSyncAt: instant.nullable(),
      updatedAt: instant.nullable(),
    }),
  }),
  members: query({
    scope: 'schema',
    input: listInput(['username', 'role', 'joinedAt'], { teamId: uuid }),
    output: listOutput(memberRow),
  }),
  options: query({ scope: 'schema', input: optionsInput, output: optionsOutput }),
  exportCsv: file({ scope: 'schema', input: teamList, output: z.null() }),
};
