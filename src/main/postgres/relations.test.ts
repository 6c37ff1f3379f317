import { type SQL, sql } from 'drizzle-orm';
import { PgDialect } from 'drizzle-orm/pg-core';
import { describe, expect, it } from 'vitest';
import { type Dialect, from, inDialect, table } from './relations';

const text = (statement: SQL): string => new PgDialect().sqlToQuery(statement).sql;

describe('a relation', () => {
  it('is named with its schema, also where no dialect was asked', () => {
    expect(text(sql`SELECT FROM ${from('users', 'u')}`)).toBe('SELECT FROM public.users AS "u"');
    expect(text(sql`SELECT FROM ${from('usage_daily')}`)).toBe(
      'SELECT FROM litemaas_console.usage_daily AS "usage_daily"',
    );
  });

  it('is what the dialect says, however deep in the statement', () => {
    const foreign: Dialect = (relation) => sql`(SELECT ${1} FROM litellm.${sql.identifier(relation)})`;
    const inner = sql`SELECT FROM ${from('teams', 't')} WHERE t.id = ${2}`;
    const whole = sql`SELECT FROM ${from('users', 'u')} WHERE ${sql.join([sql`EXISTS (${inner})`], sql` AND `)}`;
    const { sql: written, params } = new PgDialect().sqlToQuery(inDialect(whole, foreign));
    expect(written).toBe(
      'SELECT FROM (SELECT $1 FROM litellm."users") AS "u" WHERE EXISTS (SELECT FROM (SELECT $2 FROM litellm."teams") AS "t" WHERE t.id = $3)',
    );
    expect(params).toEqual([1, 1, 2]);
  });

  it('is written to as the very table', () => {
    const foreign: Dialect = () => sql`(SELECT 1)`;
    expect(text(inDialect(sql`DELETE FROM ${table('users')}`, foreign))).toBe('DELETE FROM public.users');
  });
});
