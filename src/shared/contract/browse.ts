import * as z from 'zod';
import { file, query } from './define';
import { bigInteger, emptyInput, instant, listInput, listOutput } from './values';

export const relationKinds = [
  'table',
  'partitioned table',
  'partition',
  'view',
  'materialized view',
  'foreign table',
] as const;

/** A relation by its names, as the catalogue has them; main quotes them. */
export const relationName = z.strictObject({
  schema: z.string().min(1).max(63),
  relation: z.string().min(1).max(63),
});
export type RelationName = z.infer<typeof relationName>;

/**
 * One value as text, as PostgreSQL prints it. Long ones are cut in SQL; `bytes` is then the whole size. `masked`: a
 * secret by its column's name (`text` is NULL then), or a part of its text is a secret by its content (that part reads
 * `sk-…`). A value that is NULL has neither text nor mark.
 */
export const cell = z.object({
  text: z.string().nullable(),
  bytes: z.int().optional(),
  masked: z.literal(true).optional(),
});
export type Cell = z.infer<typeof cell>;

const resultColumn = z.object({
  name: z.string(),
  /** As `format_type` writes it: `numeric(12,6)`, `timestamp with time zone`. */
  type: z.string(),
  /** Numbers stand right. */
  numeric: z.boolean(),
});
export type ResultColumn = z.infer<typeof resultColumn>;

export const filterOperators = [
  'equals',
  /** Without the rows that have no value, as SQL's `<>`. */
  'notEquals',
  'less',
  'atMost',
  'greater',
  'atLeast',
  /** Compares the printed text, whatever its case; so does `startsWith`. */
  'contains',
  'startsWith',
  'isNull',
  'isNotNull',
] as const;

const rowFilter = z.strictObject({
  column: z.string().min(1).max(63),
  operator: z.enum(filterOperators),
  /** Read by PostgreSQL as the column's type; absent for `isNull` and `isNotNull`. */
  value: z.string().max(1000).optional(),
});
export type RowFilter = z.infer<typeof rowFilter>;

const rowsInput = z.strictObject({
  ...relationName.shape,
  filters: z.array(rowFilter).max(10).default([]),
  /** Absent: by the primary key, else in the order in which the rows are stored. */
  sort: z.strictObject({ column: z.string().min(1).max(63), direction: z.enum(['asc', 'desc']) }).optional(),
});

export const schemaRow = z.object({
  name: z.string(),
  owner: z.string(),
  relations: z.int(),
  system: z.boolean(),
});

export const relationRow = z.object({
  schema: z.string(),
  name: z.string(),
  kind: z.enum(relationKinds),
  owner: z.string(),
  /** The planner's estimate; NULL where there is none yet (never analysed) or for views. */
  estimatedRows: bigInteger.nullable(),
  /** Table, indexes and TOAST, partitions included. NULL for views. */
  sizeBytes: bigInteger.nullable(),
  comment: z.string().nullable(),
  /** Whether the role may SELECT from it. */
  readable: z.boolean(),
});
export type RelationRow = z.infer<typeof relationRow>;

const relationList = listInput(['name', 'kind', 'estimatedRows', 'sizeBytes'], {
  schema: z.string().max(63).optional(),
  kind: z.enum(relationKinds).optional(),
  /** System schemas too. */
  system: z.boolean().optional(),
  /** Partitions of a partitioned table are left out unless asked for. */
  partitions: z.boolean().optional(),
});

export const tableColumn = z.object({
  name: z.string(),
  type: z.string(),
  nullable: z.boolean(),
  default: z.string().nullable(),
  generated: z.boolean(),
  identity: z.boolean(),
  /** Place in the primary key from 1 on; NULL outside it. */
  keyPosition: z.int().nullable(),
  comment: z.string().nullable(),
  /** Its values are never shown. */
  secret: z.boolean(),
});

const namedDefinition = z.object({ name: z.string(), definition: z.string() });

export const tableConstraint = namedDefinition.extend({ kind: z.string(), validated: z.boolean() });

export const tableIndex = namedDefinition.extend({
  unique: z.boolean(),
  primary: z.boolean(),
  valid: z.boolean(),
  sizeBytes: bigInteger,
  scans: bigInteger.nullable(),
});

export const tableTrigger = namedDefinition.extend({ enabled: z.boolean() });

/** Where a table's own foreign key leads: `columns[n]` holds a value of `referencedColumns[n]` there. */
export const foreignKey = z.object({
  name: z.string(),
  schema: z.string(),
  relation: z.string(),
  columns: z.array(z.string()),
  referencedColumns: z.array(z.string()),
});

export const foreignReference = namedDefinition.extend({ schema: z.string(), relation: z.string() });

export const tablePartition = z.object({
  schema: z.string(),
  name: z.string(),
  bounds: z.string(),
  estimatedRows: bigInteger.nullable(),
  sizeBytes: bigInteger,
});

export const tableStatistics = z.object({
  liveRows: bigInteger,
  deadRows: bigInteger,
  lastVacuumAt: instant.nullable(),
  lastAnalyzeAt: instant.nullable(),
});

/** Any PostgreSQL from 12 on, with our schema or without: looked at, never changed. */
export const browseContract = {
  schemas: query({
    scope: 'workspace',
    input: emptyInput,
    output: z.object({
      schemas: z.array(schemaRow).max(1000),
      /** There are more than are listed. */
      more: z.boolean(),
    }),
  }),
  relations: query({ scope: 'workspace', input: relationList, output: listOutput(relationRow) }),
  exportRelationsCsv: file({ scope: 'workspace', input: relationList, output: z.null() }),
  relation: query({
    scope: 'workspace',
    input: relationName,
    output: relationRow.extend({
      columns: z.array(tableColumn).max(1600),
      primaryKey: z.array(z.string()),
      constraints: z.array(tableConstraint).max(500),
      indexes: z.array(tableIndex).max(500),
      triggers: z.array(tableTrigger).max(500),
      foreignKeys: z.array(foreignKey).max(500),
      /** Foreign keys of other tables that point here. */
      referencedBy: z.array(foreignReference).max(500),
      partitionOf: relationName.nullable(),
      partitionKey: z.string().nullable(),
      partitions: z.array(tablePartition).max(500),
      partitionCount: z.int(),
      /** The query of a view. */
      viewDefinition: z.string().nullable(),
      statistics: tableStatistics.nullable(),
    }),
  }),
  /**
   * One page of rows. By key: `after` and `before` are the opaque cursors of an earlier answer, so that page 100,000
   * costs as much as page 1. Cursors and keys end with the console that made them: after a restart they are refused
   * with `details.cursor = 'expired'`, and the first page is asked for again.
   */
  rows: query({
    scope: 'workspace',
    input: rowsInput.extend({
      pageSize: z.int().min(1).max(100).default(50),
      after: z.string().max(20_000).optional(),
      before: z.string().max(20_000).optional(),
      /** The last page. */
      last: z.boolean().default(false),
    }),
    output: z.object({
      columns: z.array(resultColumn).max(1600),
      /** One entry per row; `key` names the row for {@link browseContract.cell}, NULL where it can't be named. */
      rows: z.array(z.object({ key: z.string().nullable(), cells: z.array(cell) })).max(100),
      /** Where the next and the previous page begin; NULL at the ends. */
      next: z.string().nullable(),
      previous: z.string().nullable(),
      /**
       * In which order the rows are: by key, by the chosen column with the key behind it, or as they are stored (of a
       * view: as its query answers them).
       */
      order: z.enum(['key', 'column', 'stored']),
      /**
       * Paging ends here although there are more rows: what has no place of its own for a row (views, foreign tables,
       * partitioned tables without a key) is paged 10,000 rows deep. Filters reach the others.
       */
      limited: z.boolean(),
      estimatedRows: bigInteger.nullable(),
    }),
  }),
  /** Counts the rows that match, exactly; may take long and can be cancelled. */
  count: query({ scope: 'workspace', input: rowsInput, output: z.object({ rows: bigInteger }) }),
  /** One value whole, up to a mebibyte; `bytes` says when there is more. */
  cell: query({
    scope: 'workspace',
    input: z.strictObject({
      ...relationName.shape,
      column: z.string().min(1).max(63),
      key: z.string().max(20_000),
    }),
    output: cell.extend({ type: z.string() }),
  }),
  /** All rows that match, masked like the screen. */
  exportCsv: file({ scope: 'workspace', input: rowsInput, output: z.null() }),
};
