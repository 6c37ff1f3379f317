import fc from 'fast-check';
import type pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseOnly } from '../../../src/main/sql/parse-only';
import { parseSql } from '../../../src/main/sql/parser/sql-parser';
import { isLong } from '../../support/long-runs';
import { describeOnEachPostgres } from '../../support/postgres';
import { openTestSession } from '../../support/test-session';
import { type BrowseCalls, openBrowseCalls } from './browse-calls';

const corpus = [
  `SELECT a.b, "c d", 'it''s', E'x\\'y', $$z$$, $t$ $$ $t$, U&'\\0041', B'01', X'1F', 1.5e-3, .5, 0x1F, 1_000 FROM t AS a`,
  `WITH RECURSIVE q(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM q WHERE n < 5) SEARCH DEPTH FIRST BY n SET o SELECT * FROM q`,
  `SELECT x::int[], CAST(y AS numeric(10,2)), ARRAY[1,2][1], (r).f, (r).*, t.* FROM LATERAL f(1) WITH ORDINALITY AS g(a, b)`,
  `SELECT count(*) FILTER (WHERE a), sum(b) OVER (PARTITION BY c ORDER BY d ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM t`,
  `SELECT CASE WHEN a THEN 1 ELSE 2 END, a IS NOT DISTINCT FROM b, a NOT BETWEEN 1 AND 2, a LIKE 'x' ESCAPE '!' FROM a, b`,
  `SELECT * FROM a LEFT JOIN b USING (x) NATURAL JOIN c CROSS JOIN d WHERE EXISTS (SELECT 1) AND a = ANY (ARRAY[1]) GROUP BY ROLLUP (a, b)`,
  `EXPLAIN (ANALYZE, FORMAT JSON) SELECT 1`,
  `SELECT JSON_VALUE(d, '$.x'), XMLELEMENT(NAME a, b), EXTRACT(year FROM now()), OVERLAY('a' PLACING 'b' FROM 1) -- end`,
  `INSERT INTO t (a) VALUES (1) ON CONFLICT (a) DO UPDATE SET a = excluded.a RETURNING *`,
  `MERGE INTO t USING s ON t.a = s.a WHEN MATCHED THEN DELETE WHEN NOT MATCHED THEN INSERT VALUES (1)`,
  `CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY, b text COLLATE "C" DEFAULT 'x' CHECK (b <> '')) /* c /* d */ */`,
  `SHOW search_path; SELECT 2`,
];
const pieces = fc.constantFrom(
  ...[
    '(',
    ')',
    ',',
    ';',
    '.',
    '..',
    '::',
    '->>',
    '@',
    '\\',
    "'",
    '"',
    '$1',
    '$',
    '$$',
    '--',
    '/*',
    '*/',
    '\n',
    ' ',
  ],
  ...[
    'SELECT',
    'FROM',
    'AS',
    'NULL',
    'é',
    '\u00A0',
    '\uFEFF',
    '1a',
    '1e',
    '0b2',
    "E'\\",
    'U&"',
    '[',
    ']',
    ':',
    '{',
    '%%',
  ],
);

/** A statement with pieces taken out, doubled, moved or put in. */
const mutated = fc
  .tuple(
    fc.constantFrom(...corpus),
    fc.array(fc.tuple(fc.nat(), fc.nat(3), pieces), { minLength: 0, maxLength: 4 }),
  )
  .map(([statement, changes]) =>
    changes.reduce((text, [at, kind, piece]) => {
      const place = at % (text.length + 1);
      if (kind === 0) return text.slice(0, place) + piece + text.slice(place);
      if (kind === 1) return text.slice(0, place) + text.slice(place + 3);
      return kind === 2 ? text.slice(0, place) : text.slice(0, place) + ` ${piece} ` + text.slice(place + 1);
    }, statement),
  );

/** States that only the raw parser and scanner report, before any name is looked up. */
const fromGrammar = new Set(['42601', '22P05', '22025', '22P06', '42622', '54001']);

describeOnEachPostgres('the grammar of the parser', (major) => {
  let calls: BrowseCalls;
  let client: pg.Client;

  beforeAll(async () => {
    calls = await openBrowseCalls({ major });
    client = await openTestSession(calls.config);
  });
  afterAll(async () => {
    await client.end();
    await calls.close();
  });

  /** Whether the server's raw parser refuses a text; null where something else was refused. */
  async function serverRefuses(text: string): Promise<boolean | null> {
    try {
      await parseOnly(client, text);
      return false;
    } catch (error) {
      const { code = '', routine = '' } = error as pg.DatabaseError;
      // Several commands are counted after they were parsed.
      if (routine === 'exec_parse_message') return false;
      if (
        /scanner_yyerror|base_yy|core_yylex|str_udeescape|check_|process_integer|addunicode|insert|scan/i.test(
          routine,
        )
      )
        return true;
      return fromGrammar.has(code) ? null : false;
    }
  }

  it('refuses what the server refuses as a syntax error, and nothing else', async () => {
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(mutated, async (text) => {
        const server = await serverRefuses(text);
        const { kind } = await parseSql(text);
        if (server === null) return;
        refused += server ? 1 : 0;
        // On older servers the server decides: what it refuses is shown, whatever the parser says. So it is with a parameter
        // in the place of a constant (`int $1`): the parser also reads the normalised texts of pg_stat_statements.
        if (major === 18 && !text.includes('$1')) expect([text, kind === 'syntax']).toEqual([text, server]);
        else if (!server) expect(['parsed', 'syntax']).toContain(kind);
      }),
      { numRuns: (isLong ? 10 : 1) * (major === 18 ? 400 : 40) },
    );
    // Both kinds were among them.
    expect(refused).toBeGreaterThan(5);
  });

  it('shows what the server says of a statement that the parser refuses, and where', async () => {
    for (const [statement, place] of [
      [`SELECT 'é😀', FROM x WHERE`, `SELECT 'é😀', `.length],
      ['SELECT 1 FROM FROM', 14],
      ['SELEC 1', 0],
      ['SELECT (1; SELECT 2', 9],
      [`SELECT 'open`, 7],
    ] as const) {
      await expect(calls.ask('sql', 'run', { statement }), statement).rejects.toMatchObject({
        code: 'db_server',
        details: { sqlState: '42601', position: String(place + 1) },
      });
    }
  });
});
