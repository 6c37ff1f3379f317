import { maskJsonText } from '../masking/mask-json-text';
import { holdsSecrets } from '../masking/secret-columns';

/** A string of JSON, and a literal of SQL within it: each sign is looked at once. */
const jsonString = /"(?:[^"\\]|\\.)*"?/g;
const literal = /'(?:[^']|'')*'?/g;

/**
 * A plan as JSON without secrets: a condition that names a secret column loses its literals, wherever in it they stand
 * (`lower(token) = 'x'`, `token = ANY ('{x,y}')`).
 */
export function maskPlan(json: string): string {
  return maskJsonText(json).replace(jsonString, (text) => {
    if (!text.includes("'")) return text;
    const names = text.replace(literal, ' ').match(/\w+/g) ?? [];
    return holdsSecrets([...new Set(names)]) ? text.replace(literal, "'…'") : text;
  });
}
