import type pg from 'pg';
import type { ResultColumn } from '../../shared/contract/browse';
import { isSecretColumn } from '../masking/secret-columns';
import { columnsWithin } from './columns-within';
import type { StatementLineage } from './lineage/follow-statement';

export interface StatementColumn extends ResultColumn {
  /** `pg_type.typcategory`. */
  readonly category: string;
  readonly secret: boolean;
}

/**
 * The columns of a result: their types by name, and whether their values are secrets: by the name they have, by the
 * column that the server says they come from, because a value is a row with such a column, or because the statement
 * computes them from one.
 * @param lineage what the statement reads for each; `server` for what the server itself says (SHOW, EXPLAIN); null
 *   where it is not known.
 */
export async function resultColumns(
  client: pg.ClientBase,
  fields: readonly pg.FieldDef[],
  lineage: StatementLineage | 'server' | null,
): Promise<readonly StatementColumn[]> {
  const { rows } = await client.query<{
    type: string;
    category: string;
    relation: string | null;
    origin: string | null;
  }>(
    `SELECT pg_catalog.format_type(field.type, field.modifier) AS type, coalesce(t.typcategory::text, 'X') AS category,
       c.relname AS relation, a.attname AS origin
     FROM ROWS FROM (pg_catalog.unnest($1::oid[]), pg_catalog.unnest($2::int4[]), pg_catalog.unnest($3::oid[]),
       pg_catalog.unnest($4::int4[])) WITH ORDINALITY AS field (type, modifier, relation, attnum, position)
     LEFT JOIN pg_catalog.pg_type AS t ON t.oid = field.type
     LEFT JOIN pg_catalog.pg_class AS c ON c.oid = field.relation
     LEFT JOIN pg_catalog.pg_attribute AS a ON a.attrelid = field.relation AND a.attnum = field.attnum
     ORDER BY field.position`,
    [
      fields.map(({ dataTypeID }) => dataTypeID),
      fields.map(({ dataTypeModifier }) => dataTypeModifier),
      fields.map(({ tableID }) => tableID),
      fields.map(({ columnID }) => columnID),
    ],
  );
  const types = fields.map(({ dataTypeID }) => dataTypeID);
  const secretWithin = (await columnsWithin(client, types)).filter(isSecretColumn);
  const secretTypes = new Set(secretWithin.map(({ type: outermost }) => outermost));
  return fields.map(({ name, dataTypeID, tableID, columnID }, index) => {
    const { type = 'unknown', category = 'X', relation = null, origin = null } = rows[index] ?? {};
    const names = [
      { relation: relation ?? '', column: name, typeCategory: category },
      ...(relation !== null && origin !== null ? [{ relation, column: origin, typeCategory: category }] : []),
    ];
    const secret =
      names.some(isSecretColumn) ||
      secretTypes.has(dataTypeID) ||
      (lineage !== 'server' && isComputedSecret(lineage, fields.length, index, { tableID, columnID }));
    return { name, type, category, numeric: category === 'N', secret };
  });
}

/** By what the statement reads; where the server names another origin than was found, neither is believed. */
function isComputedSecret(
  lineage: StatementLineage | null,
  count: number,
  index: number,
  { tableID, columnID }: Pick<pg.FieldDef, 'tableID' | 'columnID'>,
): boolean {
  const column = lineage?.columns?.length === count ? lineage.columns[index] : undefined;
  if (lineage === null || column === undefined || column.taint === 'secret') return true;
  if (tableID === 0) return false;
  const { origin } = column;
  if (origin !== undefined && (origin.relation !== tableID || origin.attnum !== columnID)) return true;
  return lineage.originTaint(tableID, columnID) === 'secret';
}
