import pg from 'pg';

const oid = { int8: 20, date: 1082, timestamp: 1114, timestamptz: 1184, numeric: 1700 } as const;

const pattern = /^(\d{4,6}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2})(?:\.(\d{1,6}))?(?:\+00(?::?00)?|Z)?( BC)?$/;

/**
 * PostgreSQL's text of a timestamp, as sent on a UTC connection, as the contract's instant: ISO 8601 with
 * microseconds. `infinity` comes back unchanged.
 */
export function toInstant(text: string): string {
  const match = pattern.exec(text);
  if (!match) return text;
  return `${match[1]}T${match[2]}.${(match[3] ?? '').padEnd(6, '0')}Z${match[4] ?? ''}`;
}

const identity = (text: string): string => text;

type Parse = (text: string) => unknown;

const textParsers = new Map<number, Parse>([
  [oid.timestamptz, toInstant],
  [oid.timestamp, toInstant],
  [oid.int8, identity],
  [oid.numeric, identity],
  [oid.date, identity],
]);

/**
 * Type parsers of every connection: BIGINT and NUMERIC stay exact text, timestamps keep their microseconds, dates
 * are never shifted through local midnight (schema-traps F6).
 */
export const typeParsers: pg.CustomTypesConfig = {
  getTypeParser(id, format): Parse {
    const own = format === 'binary' ? undefined : textParsers.get(id);
    return own ?? (pg.types.getTypeParser(id, format) as Parse);
  },
};
