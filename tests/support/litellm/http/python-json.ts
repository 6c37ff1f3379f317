/** A number that Python would hold as a float where the field's name does not tell. */
export class PythonFloat {
  constructor(readonly value: number) {}
}

/** Fields that are `float` in LiteLLM's models: money and prices. */
const floatField = /(^|_)(spend|budget|cost|costs)(_|$)/;

/**
 * A float as Python's `json` writes it: `1000.0`, `2.5e-06`. Same value as JavaScript's spelling, other text, and
 * a reader that keeps money as decimal text must cope with both.
 */
export function pythonFloatText(value: number): string {
  const [mantissa = '0', exponentText = '0'] = value.toExponential().split('e');
  const exponent = Number(exponentText);
  if (exponent < -4 || exponent >= 16) {
    const digits = String(Math.abs(exponent)).padStart(2, '0');
    return `${mantissa}e${exponent < 0 ? '-' : '+'}${digits}`;
  }
  if (exponent >= 0) return Number.isInteger(value) ? `${value}.0` : String(value);
  const negative = value < 0;
  const significant = mantissa.replace('-', '').replace('.', '');
  return `${negative ? '-' : ''}0.${'0'.repeat(-exponent - 1)}${significant}`;
}

function numberText(value: number, fieldName: string): string {
  return floatField.test(fieldName) || !Number.isInteger(value) ? pythonFloatText(value) : String(value);
}

/** JSON text as FastAPI sends it; undefined fields are left out, bigint is written digit by digit. */
export function toPythonJson(value: unknown, fieldName = ''): string {
  if (value === null || value === undefined) return 'null';
  if (value instanceof PythonFloat) return pythonFloatText(value.value);
  if (typeof value === 'number') return numberText(value, fieldName);
  if (typeof value === 'bigint') return value.toString();
  if (Array.isArray(value)) return `[${value.map((entry) => toPythonJson(entry, fieldName)).join(',')}]`;
  if (typeof value === 'object') {
    const fields = Object.entries(value)
      .filter(([, entry]) => entry !== undefined)
      .map(([name, entry]) => `${JSON.stringify(name)}:${toPythonJson(entry, name)}`);
    return `{${fields.join(',')}}`;
  }
  return JSON.stringify(value);
}
