import type { JsonObject } from '../state';

/** An answer that is not 200; `body` is sent as JSON unless it is text with its own content type. */
export class Failure extends Error {
  constructor(
    readonly status: number,
    readonly body: unknown,
    readonly contentType = 'application/json',
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(`HTTP ${status}`);
  }
}

/** One issue of a 422 answer, in pydantic's words. */
export interface ValidationIssue {
  type: string;
  loc: (string | number)[];
  msg: string;
  input: unknown;
  ctx?: JsonObject;
}

/** LiteLLM's own envelope: `{"error":{message,type,param,code}}`; the code is a string. */
export function proxyException(status: number, message: string, type: string, param = 'None'): Failure {
  return new Failure(status, { error: { message, type, param, code: String(status) } });
}

/** FastAPI's HTTPException: `{"detail": string | {"error"} | {"message"}}`. */
export function httpException(status: number, detail: string | JsonObject): Failure {
  return new Failure(status, { detail });
}

/** FastAPI's 422 with one entry per issue. */
export function validationFailure(issues: readonly ValidationIssue[]): Failure {
  return new Failure(422, { detail: issues });
}

/** The problem document of `/management/v1/*`. */
export function problemDocument(status: number, title: string, detail: string, allowed?: string[]): Failure {
  const body = { type: 'about:blank', title, status, detail, ...(allowed ? { allowed } : {}) };
  return new Failure(status, body, 'application/problem+json');
}

/** A Python dict as `repr` prints it, which is what LiteLLM's messages often are. */
export function pythonRepr(values: Readonly<Record<string, string>>): string {
  const entries = Object.entries(values).map(([name, value]) => {
    const quote = value.includes("'") && !value.includes('"') ? '"' : "'";
    return `'${name}': ${quote}${value}${quote}`;
  });
  return `{${entries.join(', ')}}`;
}

/** A licence refusal: LiteLLM sends it as 400, 403 or 500, so only its text tells. */
export function licenceRefusal(status: 400 | 403 | 500, feature: string): Failure {
  const message = `You must be a LiteLLM Enterprise user to use this feature: ${feature}. Only premium users can use it.`;
  if (status === 500) return proxyException(500, message, 'internal_server_error');
  return httpException(status, { error: message });
}
