import type { ApiError } from '../api/api-error';

/** What was asked of the database last. */
export interface Asked {
  readonly what: 'run' | 'plan' | 'analyze';
  readonly statement: string;
  /** Where the statement begins in the editor: it may be a selection. */
  readonly offset: number;
  /** Where names without a schema are looked for. */
  readonly schemas: readonly string[];
  /** The database's own code that may run, as it was when the person confirmed it. */
  readonly confirmed: readonly string[];
}

/** Whether a statement was refused until the person confirms the code that it runs. */
export function isUnconfirmed({ details }: ApiError): boolean {
  return details['reason'] === 'unconfirmed';
}

/** True while the statement still stands in the editor's text where it was: only then does its error have a place. */
export function isUnchanged({ statement, offset }: Asked, text: string): boolean {
  return text.startsWith(statement, offset);
}

/** Where in the editor PostgreSQL refused the statement, from 0 on (UTF-16 units); null where it did not say. */
export function errorPosition({ offset }: Asked, { details }: ApiError): number | null {
  const position = Number(details['position']);
  return Number.isInteger(position) && position >= 1 ? offset + position - 1 : null;
}

/** Line and column, from 1 on, of a place in a text. */
export function lineAndColumn(text: string, position: number): { line: number; column: number } {
  const before = text.slice(0, position);
  return { line: before.split('\n').length, column: position - before.lastIndexOf('\n') };
}
