import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { authenticate, authorise, nobody } from '../authentication';
import { Reply, type Endpoint, type Proxy } from '../context';
import type { Faults, Fault } from '../faults';
import type { RecordedRequest } from '../recorder';
import { Failure, httpException, licenceRefusal, problemDocument, proxyException } from './failures';
import { toPythonJson } from './python-json';

interface Answer {
  status: number;
  text: string;
  headers: Record<string, string>;
}

const badGatewayPage =
  '<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n';

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function parseBody(text: string): unknown {
  if (text === '') return null;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function answerOf(failure: Failure): Answer {
  const text = failure.contentType === 'text/html' ? String(failure.body) : toPythonJson(failure.body);
  return {
    status: failure.status,
    text,
    headers: { 'content-type': failure.contentType, ...failure.headers },
  };
}

/** The refusal a fault stands for; null for faults of the connection. */
function failureOf(fault: Fault): Failure | null {
  switch (fault.kind) {
    case 'rate-limit': {
      const headers =
        fault.retryAfterSeconds === null ? {} : { 'retry-after': String(fault.retryAfterSeconds) };
      const refusal = proxyException(429, 'Rate limit reached.', 'rate_limit_error');
      return new Failure(429, refusal.body, 'application/json', headers);
    }
    case 'bad-gateway':
      return new Failure(fault.status ?? 502, badGatewayPage, 'text/html');
    case 'server-error':
      return proxyException(500, 'Internal Server Error, something went wrong', 'internal_server_error');
    case 'unauthorised':
      return proxyException(401, 'Authentication Error, Invalid proxy server token passed.', 'auth_error');
    case 'licence':
      return licenceRefusal(fault.status, fault.feature);
    case 'problem':
      return problemDocument(fault.status, 'Request refused', fault.detail);
    case 'redirect':
      return new Failure(307, '', 'text/html', { location: fault.location });
    default:
      return null;
  }
}

/** Sends an answer, damaged as the fault says. Returns the status the client can have seen. */
function send(response: ServerResponse, answer: Answer, fault: Fault | null): number | null {
  const socket = response.socket;
  if (fault?.kind === 'lost-answer') {
    if (fault.silently !== true) socket?.resetAndDestroy();
    return null;
  }
  let payload = Buffer.from(answer.text, 'utf8');
  if (fault?.kind === 'oversized') {
    payload = Buffer.from(`{"padding":"${'x'.repeat(fault.bytes)}","answer":${answer.text}}`, 'utf8');
  }
  const announcedLength = fault?.kind === 'broken-json' ? Math.floor(payload.length / 2) : payload.length;
  response.writeHead(answer.status, { ...answer.headers, 'content-length': String(announcedLength) });
  if (fault?.kind === 'truncated') {
    response.write(payload.subarray(0, Math.floor(payload.length / 2)), () => socket?.destroy());
    return answer.status;
  }
  response.end(payload.subarray(0, announcedLength));
  return answer.status;
}

/** The HTTP side of the simulator: records, injects faults, authenticates, dispatches. */
export class ProxyServer {
  readonly server: Server;
  private readonly endpoints = new Map<string, Endpoint[]>();
  private requestNumber = 0;

  constructor(
    private readonly proxy: Proxy,
    private readonly faults: Faults,
    private readonly rootPath: string,
    endpoints: readonly Endpoint[],
  ) {
    for (const endpoint of endpoints) {
      if (endpoint.exists && !endpoint.exists(proxy.profile)) continue;
      this.endpoints.set(endpoint.path, [...(this.endpoints.get(endpoint.path) ?? []), endpoint]);
    }
    this.server = createServer((request, response) => {
      this.serve(request, response).catch((error: unknown) => response.destroy(error as Error));
    });
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://simulator');
    const inside = url.pathname === this.rootPath || url.pathname.startsWith(`${this.rootPath}/`);
    const path = inside ? url.pathname.slice(this.rootPath.length) : url.pathname;
    const recorded: RecordedRequest = {
      number: (this.requestNumber += 1),
      method: request.method ?? 'GET',
      path,
      query: Object.fromEntries(url.searchParams),
      headerNames: Object.keys(request.headers).sort(),
      changedBy: (request.headers['litellm-changed-by'] as string | undefined) ?? null,
      body: parseBody(await readBody(request)),
      receivedAtMs: Date.now(),
      status: null,
    };
    this.proxy.recorder.begin(recorded);
    let status: number | null = null;
    try {
      status = await this.respond(request, response, url.searchParams, recorded, inside);
    } finally {
      this.proxy.recorder.end(recorded, status);
    }
  }

  private async respond(
    request: IncomingMessage,
    response: ServerResponse,
    query: URLSearchParams,
    recorded: RecordedRequest,
    inside: boolean,
  ): Promise<number | null> {
    const fault = this.faults.take(recorded.method, recorded.path);
    if (fault?.kind === 'latency') await pause(fault.latencyMs);
    if (fault?.kind === 'reset') {
      response.socket?.resetAndDestroy();
      return null;
    }
    if (fault?.kind === 'hang') {
      await new Promise<void>((resolve) => response.once('close', resolve));
      return null;
    }
    const refusal = fault ? failureOf(fault) : null;
    const answer = refusal ? answerOf(refusal) : await this.answer(request, query, recorded, inside);
    return send(response, answer, fault);
  }

  private async answer(
    request: IncomingMessage,
    query: URLSearchParams,
    recorded: RecordedRequest,
    inside: boolean,
  ): Promise<Answer> {
    try {
      if (!inside) throw httpException(404, 'Not Found');
      const result = await this.dispatch(request, query, recorded);
      const reply = result instanceof Reply ? result : new Reply(result);
      return {
        status: 200,
        text: toPythonJson(reply.body),
        headers: { 'content-type': 'application/json', ...reply.headers },
      };
    } catch (error) {
      if (error instanceof Failure) return answerOf(error);
      // A mistake of the simulator itself must be told apart from a simulated one.
      const message = `The simulator failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
      return answerOf(proxyException(500, message, 'simulator_error'));
    }
  }

  private async dispatch(
    request: IncomingMessage,
    query: URLSearchParams,
    recorded: RecordedRequest,
  ): Promise<unknown> {
    const { proxy } = this;
    const candidates = this.endpoints.get(recorded.path);
    if (!candidates) throw httpException(404, 'Not Found');
    const endpoint = candidates.find((candidate) => candidate.method === recorded.method);
    if (!endpoint) throw httpException(405, 'Method Not Allowed');
    const caller = endpoint.access === 'public' ? nobody : authenticate(proxy, request.headers);
    authorise(caller, endpoint.access, recorded.path);
    if (!proxy.switches.databaseConnected && endpoint.withoutDatabase !== true) {
      throw proxyException(500, 'No connected db.', 'no_db_connection');
    }
    if (recorded.body === undefined) {
      const issue = { type: 'json_invalid', loc: ['body', 0], msg: 'JSON decode error', input: {} };
      throw new Failure(422, { detail: [issue] });
    }
    return endpoint.handle({
      proxy,
      profile: proxy.profile,
      state: proxy.state,
      caller,
      query,
      body: recorded.body,
      recorded,
    });
  }
}
