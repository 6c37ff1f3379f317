import * as z from 'zod';
import { auditDefinition } from '../records/audit';
import { recordDefinitions } from '../records/index';
import { file, query } from './define';
import { recordListInput } from './record-list';
import { emptyInput, instant, listOutput, reference, uuid } from './values';

/**
 * What an entry is about, as LiteMaaS names it: singular, upper case. The console writes these and no others; entries
 * of other programs may hold any text.
 */
export const auditResourceTypes = [
  ...Object.values(recordDefinitions).map(({ resourceType }) => resourceType),
  'DATABASE',
  'LITELLM',
  'SETTING',
  'AUDIT_LOG',
] as const;
export type AuditResourceType = (typeof auditResourceTypes)[number];

/** LiteMaaS writes one such entry for each authenticated request: most of the table, and no change. */
export const accessAction = 'API_ACCESS';

/** The record an entry is about, where it still exists. `area` is where its page is. */
const auditedRecord = reference.extend({
  area: z.enum(Object.values(recordDefinitions).map(({ area }) => area)),
});

export const auditRow = z.object({
  id: uuid,
  createdAt: instant,
  action: z.string(),
  resourceType: z.string().nullable(),
  resourceId: z.string().nullable(),
  record: auditedRecord.nullable(),
  /** Who: the users row; NULL where it was deleted or the operator is none. */
  user: reference.nullable(),
  /** Who was at the console: the account of the operating system and its host. NULL for LiteMaaS's own entries. */
  osUser: z.string().nullable(),
  host: z.string().nullable(),
  reason: z.string().nullable(),
  /** Names the bulk change this entry is part of. */
  batchId: z.string().nullable(),
});
export type AuditRow = z.infer<typeof auditRow>;

/** One field of a record before and after. A value is JSON text, cut where long; NULL where the field was not there. */
const auditChange = z.object({
  /** Nested fields by a dotted path. */
  field: z.string(),
  kind: z.enum(['changed', 'added', 'removed', 'same']),
  before: z.string().nullable(),
  after: z.string().nullable(),
});
export type AuditChange = z.infer<typeof auditChange>;

const auditList = recordListInput(auditDefinition);

export const auditContract = {
  /** Secrets are masked in every answer, whatever an entry holds. */
  list: query({ scope: 'schema', input: auditList, output: listOutput(auditRow) }),
  get: query({
    scope: 'schema',
    input: z.strictObject({ id: uuid }),
    output: auditRow.extend({
      ipAddress: z.string().nullable(),
      userAgent: z.string().nullable(),
      /** Changed fields first. Empty where the entry holds no before and after. */
      changes: z.array(auditChange).max(500),
      changesAreCut: z.boolean(),
      /**
       * The record by which `changes.previewUndo` may be asked; NULL where the journal has no such change, or somebody
       * has taken it back. The entry may be about another one: a membership's is about its team.
       */
      undoRecordId: z.string().nullable(),
      /** Why its kind of change cannot be taken back; NULL where it can, or nothing is known about it. */
      noUndo: z.string().nullable(),
      /** The entry's metadata as indented JSON. */
      metadata: z.string(),
      metadataIsCut: z.boolean(),
    }),
  }),
  /** What there is to filter by. */
  facets: query({
    scope: 'schema',
    input: emptyInput,
    output: z.object({ actions: z.array(z.string()), resourceTypes: z.array(z.string()) }),
  }),
  /** In an administered workspace the export is itself an entry (`AUDIT_EXPORT`). */
  exportCsv: file({ scope: 'schema', input: auditList, output: z.null() }),
};
