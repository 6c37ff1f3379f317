import { describe, expect, it } from 'vitest';
import { parseSql, scanSql } from './sql-parser';

describe('parseSql', () => {
  it('reads statements, and none', async () => {
    expect(await parseSql('SELECT 1; TABLE x')).toMatchObject({
      kind: 'parsed',
      statements: [{ stmt: { SelectStmt: {} } }, { stmt: { SelectStmt: {} } }],
    });
    for (const none of ['', ' ', '-- only', ';;'])
      expect(await parseSql(none)).toEqual({ kind: 'parsed', statements: [] });
  });

  it('says where the grammar refuses a text, in code points', async () => {
    expect(await parseSql(`SELECT 'é😀' FROM FROM`)).toEqual({
      kind: 'syntax',
      message: 'syntax error at or near "FROM"',
      codePoint: 17,
    });
  });

  it('outlives what kills an instance, and answers whoever waited beside it', async () => {
    const deep = `SELECT ${'1+'.repeat(60_000)}1`;
    const nested = `SELECT ${'('.repeat(20_000)}1${')'.repeat(20_000)}`;
    const answers = await Promise.all([parseSql(deep), parseSql('SELECT 1'), parseSql(nested)]);
    expect([answers[0].kind, answers[2].kind]).toEqual(['unread', expect.stringMatching(/unread|syntax/)]);
    expect(['parsed', 'unread']).toContain(answers[1].kind);
    expect((await parseSql('SELECT 2')).kind).toBe('parsed');
  });

  it('reads a mebibyte and not more', async () => {
    const statement = (bytes: number): string => `SELECT '${'x'.repeat(bytes - 9)}'`;
    expect((await parseSql(statement(1_048_576))).kind).toBe('parsed');
    expect(await parseSql(statement(1_048_577))).toEqual({ kind: 'unread', reason: 'long' });
  });

  it('never takes a NUL for the end', async () => {
    await expect(parseSql('SELECT 1\0; DROP TABLE x')).rejects.toThrow('NUL');
  });
});

it('tells tokens apart, by bytes', async () => {
  expect((await scanSql(`é 'x' -- c`))?.map(({ text, start }) => [text, start])).toEqual([
    ['é', 0],
    [`'x'`, 3],
    ['-- c', 7],
  ]);
  expect(await scanSql(`SELECT 'open`)).toBeNull();
});
