import type { Simulator } from '../index';

/** An answer of the simulator as a test looks at it. */
export interface TestAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Parsed body; undefined when it is no JSON. */
  readonly json: unknown;
}

export interface TestRequest {
  /** Bearer key; the master key when left out, none when null. */
  key?: string | null;
  headers?: Record<string, string>;
  /** Sent as JSON by POST. */
  body?: unknown;
  method?: string;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** One request to the simulator, POST when there is a body. */
export async function ask(
  simulator: Simulator,
  path: string,
  request: TestRequest = {},
): Promise<TestAnswer> {
  const key = request.key === undefined ? simulator.masterKey : request.key;
  const response = await fetch(`${simulator.url}${path}`, {
    method: request.method ?? (request.body === undefined ? 'GET' : 'POST'),
    headers: {
      ...(key === null ? {} : { authorization: `Bearer ${key}` }),
      ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...request.headers,
    },
    ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
    redirect: 'manual',
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: parsed(text) };
}

/** The JSON of an answer that must be 200. */
export async function read<Shape>(
  simulator: Simulator,
  path: string,
  request: TestRequest = {},
): Promise<Shape> {
  const answer = await ask(simulator, path, request);
  if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}: ${answer.text}`);
  return answer.json as Shape;
}
