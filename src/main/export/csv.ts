export type CsvValue = string | number | boolean | null | readonly string[];

/** So that spreadsheets read the file as UTF-8. */
export const byteOrderMark = '\uFEFF';

const listSeparator = '; ';
const plainNumber = /^-?\d+(\.\d+)?$/;
// A spreadsheet runs a cell that starts so as a formula; the last four are the full-width forms that some accept.
const formulaStart = /^[=+\-@\t\r\n＝＋－＠]/;
const needsQuotes = /[",\r\n]|^\s|\s$/;

/**
 * One line of RFC 4180, CRLF included. NULL is an empty field; a list is joined by `; `; text that a spreadsheet
 * would run as a formula gets a leading apostrophe, unless it is a plain number.
 */
export function csvLine(values: readonly CsvValue[]): string {
  return `${values.map(csvField).join(',')}\r\n`;
}

function csvField(value: CsvValue): string {
  const text = neutralise(textOf(value));
  return needsQuotes.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function textOf(value: CsvValue): string {
  if (value === null) return '';
  if (typeof value === 'object') return value.join(listSeparator);
  return String(value);
}

function neutralise(text: string): string {
  return formulaStart.test(text) && !plainNumber.test(text) ? `'${text}` : text;
}
