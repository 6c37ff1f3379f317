import { AppError } from '../../shared/errors';
import { say } from '../kernel/say';
import { placesIn } from './parser/places';
import { scanSql } from './parser/sql-parser';

/** A statement without what was pasted along with it. */
export interface TypedText {
  readonly text: string;
  /** Where a place of `text` is in what the person typed; both UTF-16 units from 0 on. */
  typedPlace(place: number): number;
}

/** Seen as a blank or not at all, and part of a name to PostgreSQL. */
const blanks = /[\u0085\u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000]/;
const invisible = /[\u00AD\u034F\u061C\u180E\u200B-\u200F\u202A-\u202E\u2060-\u2064\u2066-\u2069\uFEFF]/;
/** Look like signs of SQL, and are part of a name to PostgreSQL. */
const lookAlikes: Readonly<Record<string, string>> = {
  ...{ '‘': "'", '’': "'", '‚': "'", '‛': "'", '′': "'", '“': '"', '”': '"', '„': '"', '‟': '"', '″': '"' },
  ...{
    '–': '-',
    '—': '-',
    '−': '-',
    '‐': '-',
    '‑': '-',
    '；': ';',
    '，': ',',
    '（': '(',
    '）': ')',
    '＝': '=',
  },
};
const anyLookAlike = new RegExp(`[${Object.keys(lookAlikes).join('')}]`);

/**
 * The text without invisible signs that stand outside of literals, quoted names and comments: no-break and other
 * blanks become one, the others go.
 * @throws AppError `validation` with the place of a sign that looks like one of SQL, such as a typographic quote.
 */
export async function withoutInvisibleSigns(typed: string): Promise<TypedText> {
  const tokens = await scanSql(typed);
  if (tokens === null) return { text: typed, typedPlace: (place) => place };
  const places = placesIn(typed);
  const parts: string[] = [];
  /** For each unit of the text its place in what was typed. */
  const origins: number[] = [];
  const keep = (from: number, to: number): void => {
    parts.push(typed.slice(from, to));
    for (let place = from; place < to; place += 1) origins.push(place);
  };
  let done = 0;
  for (const { start, end } of tokens) {
    const from = places.ofByte(start);
    const to = places.ofByte(end);
    keep(done, from);
    done = to;
    // Only what is no literal, comment or quoted name begins with a letter beyond ASCII, or holds one as a name does.
    if (/^(?:['"$]|--|\/\*|[uU]&["']|[eEbBxXnN]')/.test(typed.slice(from, from + 3))) {
      keep(from, to);
      continue;
    }
    for (let place = from; place < to; place += 1) {
      const sign = typed.charAt(place);
      if (anyLookAlike.test(sign)) throw lookAlike(sign, place);
      if (blanks.test(sign)) {
        parts.push(' ');
        origins.push(place);
      } else if (!invisible.test(sign)) keep(place, place + 1);
    }
  }
  keep(done, typed.length);
  return { text: parts.join(''), typedPlace: (place) => origins[place] ?? typed.length };
}

function lookAlike(sign: string, place: number): AppError {
  return new AppError(
    'validation',
    say('sql.run.lookAlike', { sign, meant: lookAlikes[sign] ?? '', code: codeOf(sign) }),
    { hint: say('sql.run.lookAlikeHint'), details: { position: String(place + 1) } },
  );
}

function codeOf(sign: string): string {
  return `U+${sign.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
}

/** `mydb=#` at the beginning, as psql prints it before what is typed. */
const firstPrompt = /^\s*([\w$.-]{1,63})=[*!^?]?[#>]/;
/** What else psql prints there: `mydb->` where a statement goes on, `mydb'>` within a literal. */
const promptRest = /^[=\-('"$*!][*!^?]?[#>] ?/;
/** Ends a statement in psql and has it run. */
const runCommand = /\\(?:gx?|G|;)$/;

/** The text without psql's prompts and the `\g` at its end, each replaced by blanks; null where it has neither. */
export function withoutPsql(text: string): string | null {
  const [, database] = firstPrompt.exec(text.slice(0, 200)) ?? [];
  const lines =
    database === undefined ? [text] : text.split('\n').map((line) => withoutPrompt(line, database));
  const whole = lines.join('\n');
  const end = whole.trimEnd();
  const [command = ''] = runCommand.exec(end.slice(-3)) ?? [];
  const cleaned = end.slice(0, end.length - command.length) + ' '.repeat(command.length);
  return cleaned === text.trimEnd() ? null : cleaned;
}

function withoutPrompt(line: string, database: string): string {
  const begin = line.length - line.trimStart().length;
  if (!line.startsWith(database, begin)) return line;
  const [rest] = promptRest.exec(line.slice(begin + database.length, begin + database.length + 5)) ?? [];
  if (rest === undefined) return line;
  const end = begin + database.length + rest.length;
  return blanksFor(line.slice(0, end)) + line.slice(end);
}

function blanksFor(text: string): string {
  return ' '.repeat(text.length);
}

/** The command of psql that stands at a place, such as `\d`; null where none does. */
export function psqlCommandAt(text: string, place: number): string | null {
  return /^\\[\w!?;:+*]{1,20}/.exec(text.slice(place, place + 21))?.[0] ?? null;
}
