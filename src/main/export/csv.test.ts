import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byteOrderMark, csvLine, type CsvValue } from './csv';
import type { CsvType } from './csv-type';

/** What another program reads: a well-known reader of RFC 4180, which tells an empty field from `""`. */
function readFile(text: string): (string | null)[][] {
  return parse(text, {
    bom: true,
    record_delimiter: '\r\n',
    relax_column_count: true,
    cast: (field, { quoting }) => (field === '' && !quoting ? null : field),
  });
}

const readLine = (line: string): (string | null)[] => readFile(line)[0] ?? [];

/** Takes the guard off again: an apostrophe before what a spreadsheet might run is always one. */
function unguarded(field: string | null): string | null {
  return field !== null && /^'[\s\p{C}"'`‘’‚‛“”„‟«»‹›]*[=+\-@＝＋－＠﹦﹢﹣﹫\t\r\n]/u.test(field)
    ? field.slice(1)
    : field;
}

describe('csvLine', () => {
  it('writes nothing for NULL, "" for an empty text, and keeps 0 and false', () => {
    expect(csvLine([null, 0, false, '', 'a'])).toBe(',0,false,"",a\r\n');
    expect(csvLine(['', null])).toBe('"",\r\n');
  });

  it.each(['a,b', 'say "hi"', 'two\nlines', 'a\rb', 'a;=1+1', ';', 'a\tb', ' a', 'a ', '\u00a0a', '\u200ba'])(
    'quotes %j',
    (text) => {
      expect(csvLine([text, 'z'])).toBe(`"${text.replaceAll('"', '""')}",z\r\n`);
    },
  );

  it.each([
    '=1+1',
    '+1+1',
    '-1+1',
    '@SUM(A1)',
    '\t=1',
    '\r=1',
    '\nx',
    '\tx',
    '=cmd|"/c calc"!A1',
    '＝1',
    '－1+1',
    '＠A1',
    '﹦1',
    '  =1+1',
    '\u00a0=1+1',
    '\u3000=1+1',
    '\ufeff=1+1',
    '\u200b=1+1',
    '\u0000=1+1',
    '"=1+1"',
    '" =1+1',
    "'=1+1",
    '“=1+1”',
    '- item',
    '-Infinity',
    '+491234',
  ])('keeps a spreadsheet from running the text %j', (text) => {
    expect(readLine(csvLine([text]))).toEqual([`'${text}`]);
  });

  it.each(['-12.50', '-1', '0.000001', '12', '-1e-07', '1.5E+300'])(
    'leaves the plain number %s alone, whatever its column is',
    (text) => {
      expect(csvLine([text])).toBe(`${text}\r\n`);
    },
  );

  it.each<[CsvType, string]>([
    ['number', '-1e-07'],
    ['number', '-Infinity'],
    ['number', 'Infinity'],
    ['number', 'NaN'],
    ['number', `-${'9'.repeat(131_072)}`],
    ['number', '-$12.34'],
    ['number', '-€1.234'],
    ['number', '-12.34 €'],
    ['instant', '-infinity'],
    ['instant', '2026-01-01T00:00:00.000001Z'],
    ['instant', '0044-03-15 BC'],
    ['instant', '23:59:60+02'],
    ['interval', '-1 years -2 mons +3 days -04:05:06.789'],
    ['interval', '-00:00:01'],
    ['interval', '-infinity'],
  ])('writes what a column of type %s holds without an apostrophe: %s', (type, text) => {
    expect(csvLine([text], [type])).toBe(`${text}\r\n`);
  });

  it.each<[CsvType, string]>([
    ['number', '=1+1'],
    ['number', "-1+cmd|' /C calc'!A0"],
    ['number', '-A1'],
    ['number', '-1\n=1+1'],
    ['instant', '-2+3*A1'],
    ['instant', '@SUM(A1)'],
    ['interval', '-SUM(A1)'],
    ['interval', '+HYPERLINK("http://a")'],
  ])('guards a text that a server sends as %s: %j', (type, text) => {
    expect(readLine(csvLine([text], [type]))).toEqual([`'${text}`]);
  });

  it('keeps what money in groups looks like in one field', () => {
    expect(readLine(csvLine(['-$1,234.50'], ['number']))).toEqual(['-$1,234.50']);
  });

  it('writes numbers of JavaScript as they are', () => {
    expect(csvLine([-1e-7, -0.5, Number.NEGATIVE_INFINITY])).toBe('-1e-7,-0.5,-Infinity\r\n');
  });

  it('joins a list so that it can be taken apart, and guards it', () => {
    expect(readLine(csvLine([['=a', 'b']]))).toEqual(["'=a; b"]);
    expect(readLine(csvLine([['a; b', 'c"d', '', 'e']]))).toEqual(['"a; b"; "c""d"; ""; e']);
    expect(csvLine([[], null])).toBe('"",\r\n');
  });

  it('comes out of a well-known reader as it went in, headings included', () => {
    const cell = fc.oneof(
      fc.constant(null),
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom(...Array.from('=+-@＝\t\r\n ;,"\'’1a\u00a0\ufeff')) }),
      fc.double(),
      fc.boolean(),
    );
    const table = fc
      .integer({ min: 2, max: 5 })
      .chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1 }));
    fc.assert(
      fc.property(table, (rows) => {
        const read = readFile(byteOrderMark + rows.map((row) => csvLine(row)).join(''));
        expect(read.map((row) => row.map(unguarded))).toEqual(rows.map((row) => row.map(textOf)));
        for (const field of read.flat()) {
          const runs = /^[\s\p{C}"]*[=+\-@＝＋－＠]|^[\t\r\n]/u.test(field ?? '');
          expect(runs && !/^-(?:\d|Infinity)[\d.e+-]*$/.test(field ?? ''), `runs: ${String(field)}`).toBe(
            false,
          );
        }
      }),
    );
  });
});

const textOf = (value: CsvValue): string | null => (value === null ? null : String(value));
