import type pg from 'pg';
import type { ResultColumn } from '../../shared/contract/browse';
import { canBeSecret, isSecretColumn } from '../masking/secret-columns';
import { columnsWithin } from './columns-within';

/** `record` and `record[]`: rows of a query, of whose columns the server tells no names. They may hold secrets. */
const unnamedRows: readonly number[] = [2249, 2287];

export interface StatementColumn extends ResultColumn {
  /** `pg_type.typcategory`. */
  readonly category: string;
  readonly secret: boolean;
}

/**
 * The columns of a result: their types by name, and whether their values are secrets, by the name they have in the
 * result and by the name of the column that they come from (PostgreSQL says which, for plain column references), or
 * because a value is a row with such a column.
 * @param computed whether values that come from no column may be secrets.
 */
export async function resultColumns(
  client: pg.Client,
  fields: readonly pg.FieldDef[],
  { computed }: { readonly computed: boolean },
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
  const secretTypes = new Set([...unnamedRows, ...secretWithin.map(({ type: outermost }) => outermost)]);
  return fields.map(({ name, dataTypeID }, index) => {
    const { type = 'unknown', category = 'X', relation = null, origin = null } = rows[index] ?? {};
    const names = [
      { relation: relation ?? '', column: name, typeCategory: category },
      ...(relation !== null && origin !== null ? [{ relation, column: origin, typeCategory: category }] : []),
    ];
    const secret =
      names.some(isSecretColumn) ||
      secretTypes.has(dataTypeID) ||
      (computed && origin === null && canBeSecret(category));
    return { name, type, category, numeric: category === 'N', secret };
  });
}
