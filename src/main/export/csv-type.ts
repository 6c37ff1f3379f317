/** What the values of a column are, as far as a spreadsheet cares: `text` is looked at for formulas. */
export type CsvType = 'text' | 'number' | 'instant' | 'interval';

/** The longest value that is looked at; numbers of PostgreSQL may have 147,455 digits. */
const longest = 150_000;

/** What PostgreSQL prints for the types of a category; each alternative begins with a sign of its own. */
const forms: Record<Exclude<CsvType, 'text'>, RegExp> = {
  // Money as lc_monetary has it: a currency sign before, a sign or letters behind, digits in groups.
  number:
    /^[-+]?[\p{Sc}\d][\p{Sc}\d.,'’ \u00a0\u202f]*(?:[eE][-+]?\d{1,6}|[ \u00a0\u202f]?\p{L}{1,3})?$|^[-+]?Infinity$|^NaN$/u,
  instant: /^-?(?:infinity|\d[\d:.+TZ -]*)(?: BC)?$/,
  interval: /^-?(?:infinity|[\d:.+\- ]|years?|mons?|days?)+$/,
};

/**
 * Whether a text is what a column of this type holds: then it is written as it is, a leading minus included. What a
 * server sends under a wrong type is text.
 */
export function isOfType(text: string, type: CsvType): boolean {
  return type !== 'text' && text.length <= longest && forms[type].test(text);
}

/** What a column holds, by PostgreSQL's category of its type (`pg_type.typcategory`). */
export function csvTypeOf(category: string): CsvType {
  if (category === 'N') return 'number';
  if (category === 'D') return 'instant';
  return category === 'T' ? 'interval' : 'text';
}
