import { plainName } from '../plain-name';
import type { Draft, TextLine } from './draft';

type Token =
  | { readonly kind: 'word' | 'quoted' | 'bracketed' | 'remark'; readonly text: string }
  | { readonly kind: 'divider'; readonly text: string };

interface Found {
  readonly address: string;
  name: string;
  /** What stood before it in fields of its own, divided by `divider`. */
  readonly before: readonly Field[];
}

interface Field {
  readonly text: string;
  readonly divider: string;
}

/** The people in a line that is no row of a table. */
export function readLine({ number, text }: TextLine): Draft[] {
  const { found, rest } = findAddresses(tokensOf(text));
  const [only] = found;
  // `Ana;Lopez;ana@example.org`, as it comes out of a spreadsheet, is one person.
  if (only !== undefined && found.length === 1 && only.name === '') {
    return [
      ...draftsOf({ ...only, name: join(only.before, ' '), before: [] }, number),
      ...nothing(rest, number),
    ];
  }
  return [...found.flatMap((each) => draftsOf(each, number)), ...nothing(rest, number)];
}

function draftsOf({ address, name, before }: Found, line: number): Draft[] {
  const email = cleanAddress(address);
  const plain = plainName(withoutSigns(name, `' `));
  const isName = plain !== '' && plain.toLowerCase() !== email.toLowerCase();
  return [
    ...nothing(before, line),
    {
      line,
      text: address,
      email,
      username: null,
      fullName: isName ? plain : null,
      oauthId: null,
      values: {},
      teams: [],
    },
  ];
}

const nothing = (fields: readonly Field[], line: number): Draft[] =>
  fields.map(({ text }) => ({ line, text, email: null, reason: 'notAnAddress' }));

function findAddresses(tokens: readonly Token[]): {
  readonly found: readonly Found[];
  readonly rest: readonly Field[];
} {
  const found: Found[] = [];
  let words: string[] = [];
  let fields: Field[] = [];
  const endField = (divider: string): void => {
    if (words.length > 0) fields.push({ text: words.join(' '), divider });
    words = [];
  };
  for (const [index, token] of tokens.entries()) {
    const next = tokens[index + 1];
    if (token.kind === 'divider') {
      endField(token.text);
    } else if (token.text.includes('@') && !(token.kind !== 'bracketed' && next?.kind === 'bracketed')) {
      // `[ana@example.org](mailto:ana@example.org)`
      const isSaidAgain =
        token.kind === 'remark' && cleanAddress(found.at(-1)?.address ?? '') === cleanAddress(token.text);
      if (isSaidAgain) continue;
      const last = fields.at(-1);
      // `Lopez, Ana <ana@example.org>`
      const isSurname = token.kind === 'bracketed' && last?.divider === ',' && words.length > 0;
      const name = isSurname ? `${last.text}, ${words.join(' ')}` : words.join(' ');
      found.push({ address: token.text, name, before: isSurname ? fields.slice(0, -1) : fields });
      words = [];
      fields = [];
    } else if (token.kind === 'remark' && words.length === 0 && tokens[index - 1]?.kind !== 'divider') {
      // `ana@example.org (Ana Lopez)`
      const last = found.at(-1);
      if (last?.name === '') last.name = token.text;
    } else if (!isMark(token.text) || words.length > 0) {
      words.push(token.kind === 'remark' ? `(${token.text})` : token.text);
    }
  }
  endField('');
  return { found, rest: fields };
}

const join = (fields: readonly Field[], sign: string): string => fields.map(({ text }) => text).join(sign);

/** What begins a line of a list, or of a message's head: `1.`, `*`, `Cc:`. */
function isMark(text: string): boolean {
  return /^(?:[-*•‣·–+]|\d{1,4}[.)]?|\p{L}{1,10}:)$/u.test(text);
}

const dividers = ',;\t，；、';
const empty = ' []{}"<>()';
const closing: Readonly<Record<string, readonly [kind: 'quoted' | 'bracketed' | 'remark', sign: string]>> = {
  '"': ['quoted', '"'],
  '<': ['bracketed', '>'],
  '(': ['remark', ')'],
};

function tokensOf(line: string): Token[] {
  const tokens: Token[] = [];
  // Looked for once: a line may hold many signs that are never closed.
  const lastOf: Readonly<Record<string, number>> = Object.fromEntries(
    Object.values(closing).map(([, sign]) => [sign, line.lastIndexOf(sign)]),
  );
  let word = '';
  const endWord = (): void => {
    if (word !== '') tokens.push({ kind: 'word', text: word });
    word = '';
  };
  for (let index = 0; index < line.length; index += 1) {
    const sign = line.charAt(index);
    const [kind, end] = closing[sign] ?? [];
    // What is never closed is a space.
    if (kind !== undefined && end !== undefined && (lastOf[end] ?? -1) > index) {
      endWord();
      const until = line.indexOf(end, index + 1);
      const text = line.slice(index + 1, until);
      tokens.push({ kind, text: kind === 'bracketed' ? text.slice(text.lastIndexOf('<') + 1) : text });
      index = until;
    } else if (dividers.includes(sign)) {
      endWord();
      tokens.push({ kind: 'divider', text: sign });
    } else if (empty.includes(sign)) {
      endWord();
    } else {
      word += sign;
    }
  }
  endWord();
  return tokens;
}

/** An address without what mail programs and sentences put around it. */
function cleanAddress(text: string): string {
  const bare = withoutSigns(text, ` '"<>.:,;!`);
  if (!bare.toLowerCase().startsWith('mailto:')) return bare;
  const [address = ''] = bare.slice('mailto:'.length).split('?');
  try {
    return withoutSigns(plainName(decodeURIComponent(address)), ' .');
  } catch {
    return address;
  }
}

function withoutSigns(text: string, signs: string): string {
  let from = 0;
  let until = text.length;
  while (from < until && signs.includes(text.charAt(from))) from += 1;
  while (until > from && signs.includes(text.charAt(until - 1))) until -= 1;
  return text.slice(from, until);
}
