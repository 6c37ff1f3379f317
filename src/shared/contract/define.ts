import type * as z from 'zod';

/**
 * The four kinds of procedure (design: "The way of a request").
 * - `query` reads; cancelling the call cancels its SQL.
 * - `command` makes one change.
 * - `job` is long work: the call answers at once with a job id; progress and result are in `app.watch`.
 * - `file` writes a file the person chose; the renderer never names a path.
 */
export type ProcedureKind = 'query' | 'command' | 'job' | 'file';

/**
 * What must be there before a procedure may run: nothing (`app`), an open database (`workspace`), or an open
 * database whose migrations are complete (`schema`).
 */
export type ProcedureScope = 'app' | 'workspace' | 'schema';

export interface Procedure<
  Kind extends ProcedureKind = ProcedureKind,
  Input extends z.ZodType = z.ZodType,
  Output extends z.ZodType = z.ZodType,
  Scope extends ProcedureScope = ProcedureScope,
> {
  readonly kind: Kind;
  readonly scope: Scope;
  /** True when it changes the open database: a read-only workspace refuses it. */
  readonly writes: boolean;
  readonly input: Input;
  /** A `job` of which several may run at once. */
  readonly severalAtOnce?: boolean;
  /** For a `job` the result found in its state once it succeeded; for a `file` always {@link fileOutput}. */
  readonly output: Output;
}

interface Definition<Input extends z.ZodType, Output extends z.ZodType, Scope extends ProcedureScope> {
  readonly scope: Scope;
  readonly input: Input;
  readonly output: Output;
}

interface WritingDefinition<
  Input extends z.ZodType,
  Output extends z.ZodType,
  Scope extends ProcedureScope,
> extends Definition<Input, Output, Scope> {
  readonly writes: boolean;
}

export function query<I extends z.ZodType, O extends z.ZodType, S extends ProcedureScope>(
  definition: Definition<I, O, S>,
): Procedure<'query', I, O, S> {
  return { kind: 'query', writes: false, ...definition };
}

export function command<I extends z.ZodType, O extends z.ZodType, S extends ProcedureScope>(
  definition: WritingDefinition<I, O, S>,
): Procedure<'command', I, O, S> {
  return { kind: 'command', ...definition };
}

export function job<I extends z.ZodType, O extends z.ZodType, S extends ProcedureScope>(
  definition: WritingDefinition<I, O, S> & { readonly severalAtOnce?: boolean },
): Procedure<'job', I, O, S> {
  return { kind: 'job', ...definition };
}

export function file<I extends z.ZodType, O extends z.ZodType, S extends ProcedureScope>(
  definition: Definition<I, O, S> & { readonly writes?: boolean },
): Procedure<'file', I, O, S> {
  return { kind: 'file', writes: false, ...definition };
}
