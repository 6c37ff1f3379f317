import { describe, expect, it } from 'vitest';
import { calledNames, hasOwnEscapes, namesIn, hasSecondStatement, kindOfStatement } from './statement-text';

describe('kindOfStatement', () => {
  it.each([
    'select 1',
    '  SELECT 1',
    '-- why\nselect 1',
    '/* a /* b */ c */ values (1)',
    '((select 1))',
    'TABLE x',
  ])('reads %j', (statement) => expect(kindOfStatement(statement)).toEqual({ kind: 'select' }));

  it.each([
    ['update x set a = 1', 'update'],
    ['/* select */ drop table x', 'drop'],
    ['"select" 1', 'select'],
    ['', ''],
    ['; select 1', ';'],
    ["'select' 1", '1'],
  ])('says what %j begins with', (statement, word) => {
    const kind = kindOfStatement(statement);
    expect(kind.kind === 'other' ? kind.word : kind.kind).toBe(word);
  });

  it('finds what is explained, and how', () => {
    const statement = 'explain (analyze, format text) select 1';
    expect(kindOfStatement(statement)).toEqual({
      kind: 'explain',
      options: ' (analyze, format text)',
      start: statement.indexOf('select'),
    });
    expect(kindOfStatement('EXPLAIN ANALYZE VERBOSE table x')).toMatchObject({
      options: ' ANALYZE VERBOSE',
      start: 24,
    });
    expect(kindOfStatement('explain')).toEqual({ kind: 'other', word: 'explain' });
  });
});

describe('hasOwnEscapes', () => {
  it('finds names with escapes of their own, however they are written', () => {
    expect(hasOwnEscapes(`SELECT U&"pg!005Fsleep" UESCAPE '!' (1)`)).toBe(true);
    expect(hasOwnEscapes(`SELECT u&"pg!005Fsleep"/* x */uescape'!'(1)`)).toBe(true);
    expect(hasOwnEscapes(`SELECT U&'a!0062' UESCAPE '!', U&"pg\\005Fsleep"(1), "uescape"`)).toBe(false);
  });
});

describe('namesIn', () => {
  it('finds names, and words that are written as strings', () => {
    expect(namesIn(`SELECT t.Token, doc->>'api_key', doc #>> '{a,b}' FROM "T x" -- not this`)).toEqual([
      'select',
      't',
      'token',
      'doc',
      'from',
      'T x',
      'api_key',
      '',
      'a',
      'b',
    ]);
  });
});

describe('calledNames', () => {
  it('finds functions however they are written', () => {
    expect(
      calledNames(`select pg_a (1), "pg_B"(2), pg_catalog . pg_c/* x */(3), U&"pg\\005fd"(4), PG_E(5)`),
    ).toEqual(['pg_a', 'pg_B', 'pg_c', 'pg_d', 'pg_e']);
  });

  it('passes over texts and comments', () => {
    expect(calledNames(`select 'pg_a(1)', e'\\'pg_b(', $x$ pg_c( $x$ -- pg_d(\n /* pg_e( */`)).toEqual([]);
  });
});

it('sees a second statement behind a semicolon, and none in text, names and comments', () => {
  for (const one of [
    'select 1',
    'select 1;',
    'select 1; -- done',
    `select ';1', ";" /* ; a */`,
    'select $$;a$$',
  ]) {
    expect(hasSecondStatement(one), one).toBe(false);
  }
  for (const two of ['select 1; select 2', 'select 1;;x', 'select 1; "x"', 'table a;(select 1)']) {
    expect(hasSecondStatement(two), two).toBe(true);
  }
});
