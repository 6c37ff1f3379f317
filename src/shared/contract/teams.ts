import * as z from 'zod';
import { teamDefinition, teamMemberDefinition } from '../records/teams';
import { file, query } from './define';
import { recordListInput } from './record-list';
import { longText, remoteRecord } from './record-parts';
import {
  bigInteger,
  recordedDecimal,
  instant,
  listInput,
  listOutput,
  optionsInput,
  optionsOutput,
  reference,
  uuid,
} from './values';

export const teamRow = z.object({
  id: uuid,
  name: z.string(),
  alias: z.string().nullable(),
  /** The first characters; the whole is on the team's page. */
  description: z.string().nullable(),
  isActive: z.boolean(),
  memberCount: z.int(),
  subscriptionCount: z.int(),
  apiKeyCount: z.int(),
  maxBudget: recordedDecimal.nullable(),
  currentSpend: recordedDecimal.nullable(),
  budgetDuration: z.string().nullable(),
  /** True when the team is allowed every model (an empty list in the database). */
  allModels: z.boolean(),
  /** The first few names; the count beside them is complete. */
  allowedModels: z.array(z.string()),
  allowedModelCount: z.int(),
  litellmTeamId: z.string().nullable(),
  syncStatus: z.string().nullable(),
  createdAt: instant.nullable(),
});
export type TeamRow = z.infer<typeof teamRow>;

/** What a team's page shows besides, or in full. */
export const teamDetails = z.object({
  description: longText.nullable(),
  /** `isKnown` false: a name of LiteLLM that is no model of ours (a wildcard, an access group, a model that left). */
  allowedModels: z.array(reference.extend({ isKnown: z.boolean() })).max(200),
  createdBy: reference.nullable(),
  tpmLimit: bigInteger.nullable(),
  rpmLimit: bigInteger.nullable(),
  lastSyncAt: instant.nullable(),
  updatedAt: instant.nullable(),
  metadata: longText,
});

export const teamMemberRow = z.object({
  user: reference,
  email: z.string().nullable(),
  role: z.string().nullable(),
  isActive: z.boolean(),
  joinedAt: instant.nullable(),
});
export type TeamMemberRow = z.infer<typeof teamMemberRow>;

const teamList = recordListInput(teamDefinition);

const memberList = listInput(teamMemberDefinition.sortFields, { teamId: uuid });

export const teamsContract = {
  list: query({ scope: 'schema', input: teamList, output: listOutput(teamRow) }),
  get: query({
    scope: 'schema',
    input: z.strictObject({ id: uuid }),
    output: teamRow
      .omit({ description: true, allowedModels: true })
      .extend({ ...teamDetails.shape, litellm: z.array(remoteRecord).max(10) }),
  }),
  members: query({ scope: 'schema', input: memberList, output: listOutput(teamMemberRow) }),
  exportMembersCsv: file({ scope: 'schema', input: memberList, output: z.null() }),
  options: query({ scope: 'schema', input: optionsInput, output: optionsOutput }),
  exportCsv: file({ scope: 'schema', input: teamList, output: z.null() }),
};
