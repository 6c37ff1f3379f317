/** What is being typed at a place of a statement: for the names that may stand there. */
export interface TypedName {
  /** Where the name begins; what is chosen replaces it from here on. */
  readonly from: number;
  /** What there is of it. */
  readonly prefix: string;
  /** The schema or relation before the dot; an alias as the relation that it stands for. */
  readonly qualifier?: string;
  /** Relations the statement reads, `schema.relation` or `relation`. */
  readonly relations: readonly string[];
}

interface Token {
  readonly kind: 'name' | 'sign';
  /** Names as PostgreSQL reads them: folded to lower case unless quoted. */
  readonly text: string;
  readonly isQuoted: boolean;
}

const letter = String.raw`[\p{L}_]`;
const name = String.raw`${letter}[\p{L}\p{N}_$]*|"(?:[^"]|"")+"`;
/** A name has 63 bytes at most: so much of what stands before the place is looked at. */
const mostBefore = 200;
/* eslint-disable regexp/no-super-linear-move -- looked for in so few characters only */
const endOfPlainName = new RegExp(String.raw`${letter}[\p{L}\p{N}_$]*$`, 'u');
const endOfQualifier = new RegExp(String.raw`(?<name>${name})\s*\.\s*$`, 'u');
/* eslint-enable regexp/no-super-linear-move */
/** Strings and comments are looked over; what is in them names nothing. */
const tokens = new RegExp(
  String.raw`--[^\n]*|/\*[\s\S]*?(?:\*/|$)|'(?:[^']|'')*(?:'|$)|\$(\w*)\$[\s\S]*?(?:\$\1\$|$)|(?<name>${name})|(?<sign>[.,()])`,
  'gu',
);

/** Words before a relation. */
const introducers = new Set(['from', 'join', 'into', 'update', 'table']);
/** Words that may follow a relation and are no alias of it. */
const followers = new Set(
  (
    'where on using join inner left right full cross natural group order having limit offset fetch union except ' +
    'intersect window for tablesample set values select returning lateral only as'
  ).split(' '),
);

/** The name that is being typed at `position` (UTF-16 units) of a statement. */
export function typedName(statement: string, position: number): TypedName {
  const before = statement.slice(0, position);
  const { from, prefix } = endOf(before);
  const { relations, aliases } = relationsOf(statement);
  const qualifierText = endOfQualifier.exec(before.slice(Math.max(0, from - mostBefore), from))?.groups?.[
    'name'
  ];
  const qualifier = qualifierText === undefined ? undefined : unquoted(qualifierText);
  return {
    from,
    prefix,
    relations,
    ...(qualifier === undefined ? {} : { qualifier: aliases.get(qualifier) ?? qualifier }),
  };
}

/** The beginning of a name at the end of a text: quoted where a quote is still open. */
function endOf(before: string): { from: number; prefix: string } {
  if (before.split('"').length % 2 === 0) {
    const quote = before.lastIndexOf('"');
    return { from: quote, prefix: before.slice(quote + 1) };
  }
  const start = Math.max(0, before.length - mostBefore);
  const from = start + (endOfPlainName.exec(before.slice(start))?.index ?? before.length - start);
  return { from, prefix: before.slice(from) };
}

/** The relations that a statement reads, and what it calls them. */
function relationsOf(statement: string): { relations: string[]; aliases: ReadonlyMap<string, string> } {
  const all = tokensOf(statement);
  const relations = new Set<string>();
  const aliases = new Map<string, string>();
  const isWord = (at: number): boolean => all[at]?.kind === 'name';
  const word = (at: number): string => (all[at]?.isQuoted === false ? all[at].text : '');
  for (let at = 0; at < all.length; at += 1) {
    if (!introducers.has(word(at))) continue;
    let next = at + 1;
    do {
      while (word(next) === 'only' || word(next) === 'lateral') next += 1;
      if (!isWord(next) || followers.has(word(next))) break;
      const isQualified = all[next + 1]?.text === '.' && isWord(next + 2);
      const last = isQualified ? next + 2 : next;
      const relation = all[last]?.text ?? '';
      relations.add(isQualified ? `${all[next]?.text}.${relation}` : relation);
      next = last + 1;
      if (word(next) === 'as') next += 1;
      if (isWord(next) && !followers.has(word(next))) {
        aliases.set(all[next]?.text ?? '', relation);
        next += 1;
      }
      // A list goes on behind the comma.
    } while (all[next]?.text === ',' && (next += 1) > 0);
    at = next - 1;
  }
  return { relations: [...relations], aliases };
}

function tokensOf(statement: string): Token[] {
  return [...statement.matchAll(tokens)].flatMap(({ groups }): Token[] => {
    const text = groups?.['name'];
    if (text !== undefined) return [{ kind: 'name', text: unquoted(text), isQuoted: text.startsWith('"') }];
    const sign = groups?.['sign'];
    return sign === undefined ? [] : [{ kind: 'sign', text: sign, isQuoted: false }];
  });
}

function unquoted(text: string): string {
  return text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text.toLowerCase();
}
