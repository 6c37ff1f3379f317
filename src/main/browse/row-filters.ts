import { sql, type SQL } from 'drizzle-orm';
import pg from 'pg';
import type { RowFilter } from '../../shared/contract/browse';
import { AppError } from '../../shared/errors';
import { redact } from '../../shared/redact';
import type { Connection } from '../postgres/database';
import { say } from '../kernel/say';
import { type KnownColumn, type KnownRelation, spokenName } from './known-relation';
import { columnReference, printed } from './shown-cell';

const comparisons: Partial<Record<RowFilter['operator'], string>> = {
  equals: '=',
  notEquals: '<>',
  less: '<',
  atMost: '<=',
  greater: '>',
  atLeast: '>=',
};

/**
 * A column that rows are filtered or sorted by.
 * @throws AppError `validation` when there is none of that name, or when its values could be guessed that way.
 */
export function usableColumn(relation: KnownRelation, name: string): KnownColumn {
  const column = relation.columns.find((candidate) => candidate.name === name);
  if (!column) {
    const spoken = spokenName({ schema: relation.schema, relation: relation.name });
    throw new AppError('validation', say('sql.browse.noColumn', { column: name, name: spoken }), {
      hint: say('sql.browse.noColumnHint'),
      details: { column: name },
    });
  }
  if (column.secret) {
    throw new AppError('validation', say('sql.browse.secretFilter', { column: name }), {
      hint: say('sql.browse.secretFilterHint'),
      details: { column: name },
    });
  }
  return column;
}

/** The same, of a type that has an order. */
export function comparableColumn(
  relation: KnownRelation,
  name: string,
): KnownColumn & { readonly operatorSchema: string } {
  const column = usableColumn(relation, name);
  const { operatorSchema } = column;
  if (operatorSchema !== null) return { ...column, operatorSchema };
  throw new AppError('validation', say('sql.browse.notComparable', { column: name, type: column.type }), {
    hint: say('sql.browse.notComparableHint'),
    details: { column: name },
  });
}

/** An operator by the schema that the catalogue names: nothing on the search path can stand in for it. */
export function operator(schema: string, symbol: string): SQL {
  return sql`OPERATOR(${sql.identifier(schema)}.${sql.raw(symbol)})`;
}

/**
 * A column beside an operator. Outside pg_catalog as its base type: of a domain, anybody's operator for that very domain
 * would come before the extension's.
 */
export function comparedReference(column: KnownColumn): SQL {
  const reference = columnReference(column);
  if ((column.operatorSchema ?? 'pg_catalog') === 'pg_catalog') return reference;
  return sql`${reference}::${sql.raw(column.baseType)}`;
}

/** A value given as text, as the column's type. */
export function typedValue(column: KnownColumn, text: string): SQL {
  return sql`${text}::${sql.raw(column.baseType)}`;
}

/**
 * The conditions of the filters.
 * @throws AppError `validation` naming the column whose value PostgreSQL can't read as its type.
 */
export async function filterConditions(
  connection: Connection,
  relation: KnownRelation,
  filters: readonly RowFilter[],
): Promise<readonly SQL[]> {
  const conditions: SQL[] = [];
  for (const filter of filters) conditions.push(await condition(connection, relation, filter));
  return conditions;
}

async function condition(connection: Connection, relation: KnownRelation, filter: RowFilter): Promise<SQL> {
  if (filter.operator === 'isNull' || filter.operator === 'isNotNull') {
    const value = columnReference(usableColumn(relation, filter.column));
    return filter.operator === 'isNull'
      ? sql`${value} IS NOT DISTINCT FROM NULL`
      : sql`${value} IS DISTINCT FROM NULL`;
  }
  if (filter.value === undefined) {
    throw new AppError('validation', say('sql.browse.valueMissing', { column: filter.column }), {
      hint: say('sql.browse.valueMissingHint'),
      details: { column: filter.column },
    });
  }
  if (filter.operator === 'contains' || filter.operator === 'startsWith') {
    const column = usableColumn(relation, filter.column);
    const escaped = filter.value.replaceAll('\0', '').replace(/[\\%_]/g, (character) => `\\${character}`);
    const pattern = filter.operator === 'contains' ? `%${escaped}%` : `${escaped}%`;
    return sql`${printed(column)} ${operator('pg_catalog', '~~*')} ${pattern}::pg_catalog.text`;
  }
  const column = comparableColumn(relation, filter.column);
  await checkValue(connection, column, filter.value);
  const symbol = comparisons[filter.operator] ?? '=';
  return sql`${comparedReference(column)} ${operator(column.operatorSchema, symbol)} ${typedValue(column, filter.value)}`;
}

/** Asked apart for each value, so that the answer says which one is wrong. */
async function checkValue({ run }: Connection, column: KnownColumn, value: string): Promise<void> {
  try {
    await run(sql`SELECT ${typedValue(column, value)} IS NULL AS read`);
  } catch (error) {
    if (!(error instanceof pg.DatabaseError) || !error.code?.startsWith('22')) throw error;
    const reason = redact(error.message);
    throw new AppError(
      'validation',
      say('sql.browse.valueUnreadable', { column: column.name, type: column.type, reason }),
      {
        hint: say('sql.browse.valueUnreadableHint'),
        details: { column: column.name },
        cause: error,
      },
    );
  }
}
