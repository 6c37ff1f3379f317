import { validationFailure, type ValidationIssue } from './failures';

/** Reads a query string by FastAPI's rules; `check` throws one 422 with every issue found. */
export class QueryReader {
  private readonly issues: ValidationIssue[] = [];

  constructor(private readonly parameters: URLSearchParams) {}

  /** The value, or null when the parameter is absent. An empty value stays an empty string. */
  text(name: string): string | null {
    return this.parameters.get(name);
  }

  /** The value; its absence is an issue. */
  required(name: string): string {
    const value = this.parameters.get(name);
    if (value === null)
      this.issues.push({ type: 'missing', loc: ['query', name], msg: 'Field required', input: null });
    return value ?? '';
  }

  integer(name: string, fallback: number, minimum: number, maximum = Number.POSITIVE_INFINITY): number {
    const text = this.parameters.get(name);
    if (text === null) return fallback;
    const value = /^\s*[+-]?\d+\s*$/.test(text) ? Number(text) : Number.NaN;
    const loc = ['query', name];
    if (Number.isNaN(value)) {
      const msg = 'Input should be a valid integer, unable to parse string as an integer';
      this.issues.push({ type: 'int_parsing', loc, msg, input: text });
      return fallback;
    }
    if (value < minimum) {
      const msg = `Input should be greater than or equal to ${minimum}`;
      this.issues.push({ type: 'greater_than_equal', loc, msg, input: text, ctx: { ge: minimum } });
    }
    if (value > maximum) {
      const msg = `Input should be less than or equal to ${maximum}`;
      this.issues.push({ type: 'less_than_equal', loc, msg, input: text, ctx: { le: maximum } });
    }
    return value;
  }

  decimal(name: string): number | null {
    const text = this.parameters.get(name);
    if (text === null) return null;
    const value = text.trim() === '' ? Number.NaN : Number(text);
    if (!Number.isNaN(value)) return value;
    const msg = 'Input should be a valid number, unable to parse string as a number';
    this.issues.push({ type: 'float_parsing', loc: ['query', name], msg, input: text });
    return null;
  }

  flag(name: string, fallback: boolean): boolean {
    const text = this.parameters.get(name);
    if (text === null) return fallback;
    const lower = text.toLowerCase();
    if (['true', '1', 'yes', 'on', 't', 'y'].includes(lower)) return true;
    if (['false', '0', 'no', 'off', 'f', 'n'].includes(lower)) return false;
    const msg = 'Input should be a valid boolean, unable to interpret input';
    this.issues.push({ type: 'bool_parsing', loc: ['query', name], msg, input: text });
    return fallback;
  }

  /** Throws the 422 when any parameter read so far was wrong. */
  check(): void {
    if (this.issues.length > 0) throw validationFailure(this.issues);
  }
}
