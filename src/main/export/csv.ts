import { type CsvType, isOfType } from './csv-type';

export type CsvValue = string | number | boolean | null | readonly string[];

/** So that spreadsheets read the file as UTF-8. */
export const byteOrderMark = '\uFEFF';

const listSeparator = '; ';
/** A number is no formula, wherever it comes from. At most that long: nothing endless is matched. */
const plainNumber = /^-?\d{1,400}(?:\.\d{1,400})?(?:[eE][-+]?\d{1,5})?$/;
/** What may stand before a formula without keeping a spreadsheet from it: blanks, invisible signs, quotes. */
const skipped = /[\s\p{C}"'`‘’‚‛“”„‟«»‹›]/u;
/** What begins a formula, with its full-width and small forms; tabs and line breaks begin another cell somewhere. */
const formulaSign = /[=+\-@＝＋－＠﹦﹢﹣﹫\t\r\n]/;
const needsQuotes = /[",;\t\r\n]|^$|^[\s\p{C}]|\s$/u;
const listItemNeedsQuotes = /[";]|^$|^\s|\s$/;

/**
 * One line of RFC 4180, CRLF included. NULL is an empty field, an empty text `""`; a list is joined by `; `. Text that
 * a spreadsheet would run as a formula gets a leading apostrophe ({@link guarded}); what looks like its column's type
 * is written as it is.
 * @param types of the values, by place; text where none is given.
 */
export function csvLine(values: readonly CsvValue[], types: readonly (CsvType | undefined)[] = []): string {
  return `${values.map((value, index) => csvField(value, types[index] ?? 'text')).join(',')}\r\n`;
}

function csvField(value: CsvValue, type: CsvType): string {
  if (value === null) return '';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const whole = typeof value === 'string' ? value : value.map(listItem).join(listSeparator);
  const text = isOfType(whole, type) ? whole : guarded(whole);
  return needsQuotes.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** An item that has the separator within is quoted, so that the list can be taken apart again. */
function listItem(item: string): string {
  return listItemNeedsQuotes.test(item) ? `"${item.replaceAll('"', '""')}"` : item;
}

/**
 * A leading apostrophe before what a spreadsheet might run. It can be taken off again: an apostrophe that stands before
 * such a text is always the guard, since a text that has one of its own there gets a second.
 */
function guarded(text: string): string {
  return mayRun(text) && !plainNumber.test(text) ? `'${text}` : text;
}

function mayRun(text: string): boolean {
  for (const sign of text) {
    if (formulaSign.test(sign)) return true;
    if (!skipped.test(sign)) return false;
  }
  return false;
}
