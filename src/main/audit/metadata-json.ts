import { ExactNumber, parseExactJson } from '../kernel/exact-json';

// JSONB has no NUL, so no text of an entry can pass for a number.
const marker = '\u0000';
const marked = /"\\u0000(-?[\d.]+)"/g;

/** An entry's metadata from its JSON text: numbers that JavaScript cannot hold come back as {@link ExactNumber}. */
export function parseMetadata(text: string | null): unknown {
  if (text === null) return null;
  try {
    return parseExactJson(text);
  } catch {
    // JSONB holds numbers beyond any double; an entry with one is still shown.
    return JSON.parse(text);
  }
}

/** JSON text of what {@link parseMetadata} returned, numbers digit by digit; `indent` as JSON.stringify's. */
export function metadataText(value: unknown, indent = 0): string {
  const text = JSON.stringify(
    value,
    (_name, inner: unknown) => (inner instanceof ExactNumber ? `${marker}${inner.text}` : inner),
    indent,
  );
  return text.replace(marked, '$1');
}
