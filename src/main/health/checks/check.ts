import type { HealthFact, HealthFinding } from '../../../shared/contract/health';
import type { Connection } from '../../postgres/database';

/** What a check works with: one snapshot of the database, names of which are printed in full. */
export interface CheckContext {
  readonly connection: Connection;
  /** True where the console's own schema is complete: only then is it compared and may be repaired. */
  readonly isOurs: boolean;
  readonly now: Date;
  /** Why the console could not keep the log's months ready; NULL where it could, or never tried. */
  readonly partitionsObstacle: string | null;
}

export interface CheckOutcome {
  readonly findings: readonly HealthFinding[];
  /** What could not be looked at, and why. */
  readonly notes?: readonly string[];
}

export type Check = (context: CheckContext) => Promise<CheckOutcome>;

/** A figure or text of a finding. NULL becomes no fact at all. */
export function facts(
  ...entries: readonly (readonly [label: string, value: string | null, format: HealthFact['format']])[]
): HealthFact[] {
  return entries.flatMap(([label, value, format]) => (value === null ? [] : [{ label, value, format }]));
}

/** A text as an SQL literal, for statements that are shown. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A name as it must be written in SQL. */
export function identifier(name: string): string {
  return /^[a-z_][a-z0-9_$]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

/** `schema.name`, quoted where needed. */
export function qualified(schema: string, name: string): string {
  return `${identifier(schema)}.${identifier(name)}`;
}
