import * as z from 'zod';
import { cell } from './browse';
import { command, file, query } from './define';
import { emptyInput, emptyOutput, instant } from './values';

/** As long as a statement may be. */
export const maxStatementLength = 100_000;
/** As many rows as a run answers at most; an export has no such limit. */
export const maxResultRows = 1_000;

/** Sent as it stands in the editor, not trimmed: the server's position of an error counts from its beginning. */
const statement = z
  .string()
  .max(maxStatementLength)
  .refine((text) => text.trim() !== '', 'a statement');

/** Where names without a schema are looked for, after pg_catalog and in this order. */
const schemas = z
  .array(
    z
      .string()
      .min(1)
      .max(63)
      .refine((name) => !name.includes('\0'), 'a name'),
  )
  .max(20)
  .default(['public']);

/** A statement as it is asked for. */
const asked = {
  statement,
  schemas,
  /** Code of the database's own that the person lets it run: `id` of what `code` answers. */
  confirmed: z.array(z.string().max(64)).max(500).default([]),
};

export const completionItem = z.object({
  /** Quoted where it must be. */
  text: z.string(),
  kind: z.enum(['schema', 'relation', 'column', 'function']),
  detail: z.string().nullable(),
});

/**
 * One statement that reads, in a read-only transaction with a timeout. When PostgreSQL refuses it, the error's
 * `details.position` is the place in the statement, from 1 on, in JavaScript's characters (UTF-16 units).
 */
export const sqlContract = {
  /**
   * The functions and the like outside of pg_catalog that a statement would run, without running it. `run`, `plan` and
   * `exportCsv` refuse (`details.reason` = `unconfirmed`) until each of them is confirmed by its id, which changes with
   * the code.
   */
  code: query({
    scope: 'workspace',
    input: z.strictObject({ statement, schemas }),
    output: z.object({
      code: z
        .array(
          z.object({
            id: z.string(),
            kind: z.enum(['function', 'operator', 'type', 'cast', 'foreign table']),
            name: z.string(),
            /** What it is written in; empty for a table. */
            language: z.string(),
          }),
        )
        .max(5_000),
    }),
  }),
  run: query({
    scope: 'workspace',
    input: z.strictObject({ ...asked, maxRows: z.int().min(1).max(maxResultRows).default(maxResultRows) }),
    output: z.object({
      columns: z.array(z.object({ name: z.string(), type: z.string(), numeric: z.boolean() })).max(1664),
      rows: z.array(z.array(cell)).max(maxResultRows),
      /** There are more rows than are answered. */
      capped: z.boolean(),
      elapsedMs: z.number(),
      /** What the server said besides, such as notices. */
      notices: z.array(z.string()).max(50),
    }),
  }),
  /** The plan; with `analyze` the statement is run, its rows dropped. */
  plan: query({
    scope: 'workspace',
    input: z.strictObject({ ...asked, analyze: z.boolean().default(false) }),
    output: z.object({
      /** As `EXPLAIN (FORMAT JSON)` prints it, secrets masked. */
      text: z.string(),
      nodes: z
        .array(
          z.object({
            depth: z.int(),
            name: z.string(),
            detail: z.string().nullable(),
            totalCost: z.number(),
            planRows: z.number(),
            actualRows: z.number().nullable(),
            actualMs: z.number().nullable(),
            /** Share of the whole time (or cost, without `analyze`) spent in this node itself, 0 to 1. */
            share: z.number(),
          }),
        )
        .max(2000),
      elapsedMs: z.number(),
    }),
  }),
  /** What may stand at a place in the editor: names from the catalogue that begin with `prefix`. */
  completions: query({
    scope: 'workspace',
    input: z.strictObject({
      prefix: z.string().max(63),
      /** Names of relations in the statement, whose columns are wanted too. */
      relations: z.array(z.string().max(130)).max(20).default([]),
      schemas,
      /** The schema or relation before the dot, where there is one. */
      qualifier: z.string().max(63).optional(),
    }),
    output: z.object({
      items: z.array(completionItem).max(100),
    }),
  }),
  /** All rows of a statement. */
  exportCsv: file({ scope: 'workspace', input: z.strictObject(asked), output: z.null() }),
  /** What was run in this workspace from this machine, newest first; kept in the data folder, secrets masked. */
  history: query({
    scope: 'workspace',
    input: emptyInput,
    output: z.object({
      entries: z
        .array(
          z.object({
            statement: z.string(),
            ranAt: instant,
            elapsedMs: z.number(),
            /** NULL when it failed or was cancelled. */
            rows: z.int().nullable(),
          }),
        )
        .max(200),
    }),
  }),
  clearHistory: command({ scope: 'workspace', writes: false, input: emptyInput, output: emptyOutput }),
};
