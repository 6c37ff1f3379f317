import { characterAt, decodedString, type JsonString, readString, type Writing } from './json-writing';

/** Which values are hidden, and how. */
export interface NamedValues {
  readonly writing: Writing;
  /** Whether what belongs to a name is hidden. */
  readonly isSecret: (name: string) => boolean;
  /** What stands for a hidden value. */
  readonly mask: string;
  /** Whether a hidden text that was cut gets the closing quote it lacks. */
  readonly closesCut: boolean;
}

/** Where a part of a text begins and ends, and what stands there instead. */
type Replacement = readonly [from: number, to: number, instead: string];

/**
 * A text without the values of JSON that are named for secrets, whole or cut anywhere, also where it is part of another
 * text: texts and numbers under such a name are hidden, however deep, to the matching bracket or the end of the text.
 * Empty texts, booleans and nulls stay: they say whether there is one. So does everything between them. Each character
 * is looked at a few times at most.
 */
export function maskNamedValues(text: string, rule: NamedValues): string {
  const { quote } = rule.writing;
  let place = text.indexOf(quote);
  if (place === -1) return text;
  const replacements: Replacement[] = [];
  while (place !== -1) {
    const name = readString(text, place, rule.writing);
    const valueAt = name.isClosed ? valueAfter(text, name.end, rule.writing) : null;
    if (valueAt !== null && rule.isSecret(decodedString(text, name, rule.writing))) {
      place = text.indexOf(quote, hideValue(text, valueAt, rule, replacements));
    } else {
      // The quote that closes this may be the one that opens the next name: not all of the text has to be JSON.
      place = text.indexOf(quote, name.isClosed ? name.contentEnd : name.end + 1);
    }
  }
  return replaced(text, replacements);
}

/** Where the value of a name begins that ends at `place`, if it is one: `:` of JSON or `=>` of hstore follows it. */
function valueAfter(text: string, place: number, writing: Writing): number | null {
  const at = afterBlanks(text, place);
  if (text[at] === '=' && text[at + 1] === '>') return afterBlanks(text, at + 2);
  // `"name"::text` is a cast of SQL.
  if (text[at] !== ':' || text[at + 1] === ':' || writing.widthAt(text, at) === 0) return null;
  return afterBlanks(text, at + 1);
}

/** Hides what there is to hide of the value that begins at a place. Returns where it ends. */
function hideValue(text: string, from: number, rule: NamedValues, replacements: Replacement[]): number {
  const { writing } = rule;
  /** The brackets that are open, by what closes them. */
  const open: string[] = [];
  let isAfterColon = true;
  let place = from;
  for (;;) {
    place = afterBlanks(text, place);
    const character = characterAt(text, place, writing);
    if (character === '') return place;
    if (character === '"' || character === writing.quote) {
      const string = readString(text, place, writing);
      if (isAfterColon || open.at(-1) !== '}' || !isName(text, string, writing)) {
        hideString(string, rule, replacements);
      }
      place = string.end;
    } else if (character === '{' || character === '[') {
      open.push(character === '{' ? '}' : ']');
      place += writing.widthAt(text, place);
    } else if (character === '}' || character === ']') {
      if (open.length === 0) return place;
      if (character === open.at(-1)) open.pop();
      place += writing.widthAt(text, place);
    } else if (character === ':' || character === ',') {
      if (open.length === 0) return place;
      place += writing.widthAt(text, place);
    } else {
      place = hideWord(text, place, rule, replacements);
    }
    if (open.length === 0) return place;
    isAfterColon = character === ':';
  }
}

/** Whether a string where a name is due is one; the text may end before its colon. */
function isName(text: string, { isClosed, end }: JsonString, writing: Writing): boolean {
  return !isClosed || valueAfter(text, end, writing) !== null || afterBlanks(text, end) === text.length;
}

function hideString(
  { start, contentEnd, isClosed }: JsonString,
  rule: NamedValues,
  replacements: Replacement[],
): void {
  if (contentEnd === start) return;
  const instead = isClosed || !rule.closesCut ? rule.mask : `${rule.mask}${rule.writing.quote}`;
  replacements.push([start, contentEnd, instead]);
}

const literals: readonly string[] = ['true', 'false', 'null', 'True', 'False', 'None'];

/** A number, a literal, or what is no JSON. Returns where it ends. */
function hideWord(text: string, from: number, rule: NamedValues, replacements: Replacement[]): number {
  const { quote } = rule.writing;
  let end = from;
  while (end < text.length && !/[\s"'{}[\],:\\]/.test(text.charAt(end))) end += 1;
  // A mark that belongs to no JSON, as the quotes of SQL.
  if (end === from) return from + 1;
  const word = text.slice(from, end);
  const isCut = end === text.length;
  if (!literals.some((literal) => literal === word || (isCut && literal.startsWith(word))))
    replacements.push([from, end, `${quote}${rule.mask}${quote}`]);
  return end;
}

function afterBlanks(text: string, from: number): number {
  let place = from;
  while (place < text.length && /\s/.test(text.charAt(place))) place += 1;
  return place;
}

function replaced(text: string, replacements: readonly Replacement[]): string {
  const parts: string[] = [];
  let copied = 0;
  for (const [from, to, instead] of replacements) {
    parts.push(text.slice(copied, from), instead);
    copied = to;
  }
  return parts.length === 0 ? text : `${parts.join('')}${text.slice(copied)}`;
}
