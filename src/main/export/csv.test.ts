import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvLine } from './csv';

/** A reader of RFC 4180 for one record, written apart from the writer. */
function readLine(line: string): string[] {
  const fields: string[] = [];
  let rest = line;
  for (;;) {
    const match = /^(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/.exec(rest);
    if (!match) throw new Error(`not a record: ${JSON.stringify(rest)}`);
    fields.push(match[1] === undefined ? (match[2] ?? '') : match[1].replaceAll('""', '"'));
    rest = rest.slice(match[0].length);
    if (match[3] === '\r\n') return fields;
  }
}

describe('csvLine', () => {
  it('writes an empty field for NULL and keeps 0 and false', () => {
    expect(csvLine([null, 0, false, '', 'a'])).toBe(',0,false,,a\r\n');
  });

  it('quotes separators, quotes and line breaks', () => {
    expect(csvLine(['a,b', 'say "hi"', 'two\nlines'])).toBe('"a,b","say ""hi""","two\nlines"\r\n');
  });

  it.each(['=1+1', '+1+1', '-1+1', '@SUM(A1)', '\t=1', '\r=1', '=cmd|"/c calc"!A1', '＝1'])(
    'keeps a spreadsheet from running %j',
    (text) => {
      expect(readLine(csvLine([text]))).toEqual([`'${text}`]);
    },
  );

  it.each(['-12.50', '-1', '0.000001', '12'])('leaves the plain number %s alone', (text) => {
    expect(csvLine([text])).toBe(`${text}\r\n`);
  });

  it('guards a list that starts like a formula', () => {
    expect(readLine(csvLine([['=a', 'b']]))).toEqual(["'=a; b"]);
  });

  it('can be read back whatever the text', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1 }), (values) => {
        const read = readLine(csvLine(values));
        expect(read).toHaveLength(values.length);
        read.forEach((field, index) => {
          expect([values[index], `'${values[index]}`]).toContain(field);
          expect(/^[=+\-@\t\r]/.test(field) && !/^-?\d+(\.\d+)?$/.test(field)).toBe(false);
        });
      }),
    );
  });
});
