import { sql, type SQL } from 'drizzle-orm';
import type { Cell } from '../../shared/contract/browse';
import { cutMark } from '../export/cut-mark';
import { maskText } from '../masking/mask-text';
import type { KnownColumn } from './known-relation';

/** As many characters of a value as a list shows. */
const shownLength = 200;
/** Read beyond what is shown, and never shown of a cut value: a secret may begin there that is not recognised. */
const recognisedLength = 64;
/** Values of other types than text are printed whole before they are cut; above this (stored) size they are not. */
const printedBytes = 1_048_576;
/** One value, opened on demand. */
export const wholeLength = 1_048_576;

const oid = { bool: 16, bytea: 17, text: 25, varchar: 1043 } as const;

/** A column within a statement; the relation is called `t` there. */
export function columnReference({ name }: Pick<KnownColumn, 'name'>): SQL {
  return sql`t.${sql.identifier(name)}`;
}

/** The value as PostgreSQL prints it. `concat` asks the type's own output function: casts to text may differ. */
export function printed(column: KnownColumn): SQL {
  const value = columnReference(column);
  if (isText(column) || column.baseTypeOid === oid.bool) return sql`${value}::pg_catalog.text`;
  return sql`CASE WHEN ${hasValue(value)} THEN pg_catalog.concat(${value}) END`;
}

/** The value's text, cut in SQL a little beyond `length`; of secret columns only whether there is one. */
export function cutText(column: KnownColumn, length = shownLength): SQL {
  const value = columnReference(column);
  if (column.secret) return sql`CASE WHEN ${hasValue(value)} THEN '' END`;
  const readLength = length + recognisedLength;
  const characters = sql.raw(String(readLength));
  if (column.typeLength > 0) return printed(column);
  if (column.baseTypeOid === oid.bytea) {
    const bytes = sql.raw(String(Math.floor(readLength / 2)));
    return sql`pg_catalog.substring(${value}, 1, ${bytes})::pg_catalog.text`;
  }
  if (isText(column)) return sql`pg_catalog.left(${printed(column)}, ${characters})`;
  const cut = sql`pg_catalog.left(${printed(column)}, ${characters})`;
  return length === wholeLength ? cut : sql`CASE WHEN ${isHuge(value)} THEN '' ELSE ${cut} END`;
}

/** The whole size in bytes of what {@link cutText} cuts; NULL where nothing is ever cut. */
export function wholeBytes(column: KnownColumn): SQL {
  const value = columnReference(column);
  if (column.secret || column.typeLength > 0) return sql`NULL::int`;
  if (column.baseTypeOid === oid.bytea) return sql`pg_catalog.octet_length(${value})`;
  const bytes = sql`pg_catalog.octet_length(${printed(column)})`;
  if (isText(column)) return bytes;
  return sql`CASE WHEN ${isHuge(value)} THEN pg_catalog.pg_column_size(${value}) ELSE ${bytes} END`;
}

/**
 * What crosses of a value: masked first, cut then.
 * @param text what {@link cutText} answered; @param bytes what {@link wholeBytes} answered.
 */
export function toCell(
  column: Pick<KnownColumn, 'secret' | 'baseTypeOid'>,
  text: string | null,
  bytes: number | null,
  length = shownLength,
): Cell {
  if (text === null) return { text: null };
  if (column.secret) return { text: null, masked: true };
  const readBytes = column.baseTypeOid === oid.bytea ? (text.length - 2) / 2 : Buffer.byteLength(text);
  // A character is two units of JavaScript's at most.
  const read = text.slice(0, 2 * (length + recognisedLength));
  const isCut = read.length < text.length || (bytes !== null && bytes > readBytes);
  const { text: clean, masked } = maskText(read, { isCut });
  const characters = isCut || read.length > length ? Array.from(clean) : null;
  const most =
    isCut && characters ? Math.min(length, Math.max(0, characters.length - recognisedLength)) : length;
  return {
    text: characters === null ? clean : characters.slice(0, most).join(''),
    ...(isCut || (characters !== null && characters.length > length) ? { bytes: bytes ?? readBytes } : {}),
    ...(masked ? { masked: true as const } : {}),
  };
}

/** What an export has of a value: `…` for a hidden one, and how long it is in all behind one that was cut. */
export function exportedText({ text, bytes, masked }: Cell): string | null {
  if (text === null) return masked ? '…' : null;
  return bytes === undefined ? text : `${text}${cutMark(`${String(bytes)} bytes`)}`;
}

/** Also true of a composite value whose fields are all NULL, which `IS NOT NULL` denies. */
function hasValue(value: SQL): SQL {
  return sql`${value} IS DISTINCT FROM NULL`;
}

function isHuge(value: SQL): SQL {
  return sql`pg_catalog.pg_column_size(${value}) > ${sql.raw(String(printedBytes))}`;
}

function isText({ baseTypeOid }: KnownColumn): boolean {
  return baseTypeOid === oid.text || baseTypeOid === oid.varchar;
}
