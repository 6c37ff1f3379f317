import { sql, type SQL } from 'drizzle-orm';
import { type LongText, maxLongText } from '../../shared/contract/record-parts';
import { maskString } from '../masking/mask-json';
import { maskJsonText } from '../masking/mask-json-text';

/** Larger JSON is not laid out: that would cost more than anybody reads. */
const largestLaidOut = 200_000;

/** A JSON column's beginning as `{text, characters, isCut}`, laid out in lines; cut in SQL. */
export function jsonColumn(column: SQL): SQL {
  return cut(sql`CASE WHEN length(${column}::text) <= ${sql.raw(String(largestLaidOut))}
    THEN jsonb_pretty(${column}) ELSE ${column}::text END`);
}

/** A text column's beginning as `{text, characters, isCut}`, cut in SQL; NULL stays NULL. */
export function textColumn(column: SQL): SQL {
  return sql`CASE WHEN ${column} IS NOT NULL THEN ${cut(column)} END`;
}

function cut(text: SQL): SQL {
  const limit = sql.raw(String(maxLongText));
  return sql`(
    SELECT jsonb_build_object('text', left(whole, ${limit}), 'characters', length(whole),
      'isCut', length(whole) > ${limit})
    FROM (SELECT ${text} AS whole OFFSET 0) AS long_text)`;
}

/** What {@link jsonColumn} read, without secrets: people keep such things in metadata. */
export function jsonWithoutSecrets(value: LongText): LongText {
  return { ...value, text: maskJsonText(value.text) };
}

/** What {@link textColumn} read, without what looks like a secret or is named like one. */
export function textWithoutSecrets(value: LongText): LongText {
  return { ...value, text: maskString(value.text, { isCut: value.isCut }) };
}

/**
 * A text that was cut to `limit` characters in SQL, without what looks like a secret or is named like one; null stays.
 */
export function beginningWithoutSecrets(text: string | null, limit: number): string | null {
  return text === null ? null : maskString(text, { isCut: Array.from(text).length >= limit });
}
