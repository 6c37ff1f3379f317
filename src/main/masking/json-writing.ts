/** How JSON is written in a text: as it is, or within a literal of PostgreSQL's that escapes its quotes. */
export interface Writing {
  /** What a string begins and ends with. */
  readonly quote: string;
  /** How many characters of the text stand for the one of the JSON that begins at a place; 0 where it ends. */
  readonly widthAt: (text: string, place: number) => number;
}

export const plainJson: Writing = {
  quote: '"',
  widthAt: (text, place) => (place < text.length ? 1 : 0),
};

/** As Python prints it: in single quotes, or double ones where a text has single ones. */
export const pythonJson: Writing = { ...plainJson, quote: "'" };

/** Within an element of an array: `{"{\"name\": …`. A bare quote ends the element. */
export const jsonInArray: Writing = {
  quote: '\\"',
  widthAt(text, place) {
    if (place >= text.length || text[place] === '"') return 0;
    if (text[place] !== '\\') return 1;
    return place + 1 < text.length ? 2 : 0;
  },
};

/** Within a field of a row: `("{""name"": …`. A single quote mark ends the field. */
export const jsonInRow: Writing = {
  quote: '""',
  widthAt(text, place) {
    if (place >= text.length) return 0;
    if (text[place] !== '"' && text[place] !== '\\') return 1;
    return text[place + 1] === text[place] ? 2 : 0;
  },
};

/** A string of JSON by its places in a text; both ends are that of the text where it was cut. */
export interface JsonString {
  readonly start: number;
  /** Where its closing quote begins. */
  readonly contentEnd: number;
  readonly end: number;
  readonly isClosed: boolean;
}

/** The character of the JSON at a place; empty where it ends. */
export function characterAt(text: string, place: number, { widthAt }: Writing): string {
  const width = widthAt(text, place);
  return width === 0 ? '' : text.charAt(place + width - 1);
}

/** The string whose opening quote begins at `quoteAt`. */
export function readString(text: string, quoteAt: number, writing: Writing): JsonString {
  const mark = characterAt(text, quoteAt, writing);
  const start = quoteAt + writing.widthAt(text, quoteAt);
  let place = start;
  for (;;) {
    const width = writing.widthAt(text, place);
    if (width === 0) return { start, contentEnd: place, end: place, isClosed: false };
    const character = text.charAt(place + width - 1);
    if (character === mark) return { start, contentEnd: place, end: place + width, isClosed: true };
    place += width;
    if (character === '\\') place += writing.widthAt(text, place);
  }
}

/** The longest escape, `\\uXXXX`, without its end: so much of a cut string may be no JSON. */
const longestCutEscape = 5;

/** What a string says, its escapes resolved; as it is written where it is no JSON. */
export function decodedString(text: string, string: JsonString, writing: Writing): string {
  const content = contentOf(text, string, writing);
  if (!content.includes('\\')) return content;
  for (let cut = 0; cut <= (string.isClosed ? 0 : longestCutEscape); cut += 1) {
    try {
      return String(JSON.parse(`"${content.slice(0, content.length - cut)}"`));
    } catch {
      // Tried again without what may be half an escape.
    }
  }
  return content;
}

function contentOf(text: string, { start, contentEnd }: JsonString, writing: Writing): string {
  if (writing.widthAt === plainJson.widthAt) return text.slice(start, contentEnd);
  let content = '';
  for (let place = start; place < contentEnd; place += writing.widthAt(text, place)) {
    content += characterAt(text, place, writing);
  }
  return content;
}
