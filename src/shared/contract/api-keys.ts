import * as z from 'zod';
import { apiKeyDefinition, apiKeyStates } from '../records/api-keys';
import { file, query } from './define';
import { recordListInput } from './record-list';
import { longText, remoteRecord, untold, untoldNews } from './record-parts';
import {
  bigInteger,
  recordedDecimal,
  instant,
  listOutput,
  optionsInput,
  optionsOutput,
  reference,
  uuid,
} from './values';

export const apiKeyRow = z.object({
  id: uuid,
  name: z.string().nullable(),
  alias: z.string().nullable(),
  /** What may be shown of the key: its prefix. The value itself crosses only through `apiKeys.reveal`. */
  prefix: z.string(),
  user: reference,
  team: reference.nullable(),
  state: z.enum(apiKeyStates),
  models: z.array(reference).max(5),
  modelCount: z.int(),
  /** Entries of LiteLLM that are not models of ours: wildcards, access groups, special names. */
  otherModels: z.array(z.string()).max(50),
  /** True when LiteLLM lets this key use every model (an empty list there). */
  allModels: z.boolean(),
  maxBudget: recordedDecimal.nullable(),
  currentSpend: recordedDecimal.nullable(),
  budgetDuration: z.string().nullable(),
  expiresAt: instant.nullable(),
  lastUsedAt: instant.nullable(),
  syncStatus: z.string().nullable(),
  createdAt: instant.nullable(),
  untold,
});
export type ApiKeyRow = z.infer<typeof apiKeyRow>;

/** What a key's page shows besides. */
export const apiKeyDetails = z.object({
  subscription: reference.nullable(),
  tpmLimit: bigInteger.nullable(),
  rpmLimit: bigInteger.nullable(),
  revokedAt: instant.nullable(),
  /** The row's own switch, whatever revocation and expiry make of it. */
  isActive: z.boolean(),
  lastSyncAt: instant.nullable(),
  allModelRefs: z.array(reference).max(200),
  /** Whether LiteMaaS holds the key's value and could show it. */
  valueStored: z.boolean().nullable(),
  metadata: longText,
});

const apiKeyList = recordListInput(apiKeyDefinition);

export const apiKeysContract = {
  list: query({ scope: 'schema', input: apiKeyList, output: listOutput(apiKeyRow) }),
  get: query({
    scope: 'schema',
    input: z.strictObject({ id: uuid }),
    output: apiKeyRow.extend({
      ...apiKeyDetails.shape,
      litellm: z.array(remoteRecord).max(10),
      untoldNews: z.array(untoldNews).max(20),
    }),
  }),
  options: query({ scope: 'schema', input: optionsInput, output: optionsOutput }),
  exportCsv: file({ scope: 'schema', input: apiKeyList, output: z.null() }),
};
