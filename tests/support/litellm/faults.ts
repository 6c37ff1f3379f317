/** What can go wrong with one request. */
export type FaultKind =
  /** Waits, then goes on as usual. */
  | { kind: 'latency'; latencyMs: number }
  /** 429 with `Retry-After`. */
  | { kind: 'rate-limit'; retryAfterSeconds: number | null }
  /** An HTML page of a reverse proxy. */
  | { kind: 'bad-gateway'; status?: 502 | 503 | 504 }
  /** LiteLLM's own internal error. */
  | { kind: 'server-error' }
  /** Authentication refused, as when the key was rotated meanwhile. */
  | { kind: 'unauthorised' }
  /** A refusal that names the licence. */
  | { kind: 'licence'; status: 400 | 403 | 500; feature: string }
  /** The problem document of the newest management API. */
  | { kind: 'problem'; status: number; detail: string }
  /** The connection is reset before anything is answered; nothing was done. */
  | { kind: 'reset' }
  /** The request is carried out, but its answer never arrives: the connection is reset, or nothing comes. */
  | { kind: 'lost-answer'; silently?: boolean }
  /** The answer stops in the middle although its length was announced. */
  | { kind: 'truncated' }
  /** Half of the answer, sent as if it were all: no longer valid JSON. */
  | { kind: 'broken-json' }
  /** No answer until the client gives up; nothing was done. */
  | { kind: 'hang' }
  /** A valid answer padded by a field of this many bytes. */
  | { kind: 'oversized'; bytes: number }
  /** A redirect to another address. */
  | { kind: 'redirect'; location: string };

/** Which requests a fault hits. */
export interface FaultTarget {
  /** Exact path without the root path prefix, or a pattern on it; every path when left out. */
  path?: string | RegExp;
  method?: string;
  /** Lets this many matching requests pass first. */
  after?: number;
  /** Hits this many requests; 1 when left out, Infinity for "from then on". */
  times?: number;
}

export type Fault = FaultKind & FaultTarget;

interface ArmedFault {
  readonly fault: Fault;
  toPass: number;
  toHit: number;
}

/** The faults a test has armed, in order; the first that fits a request is used up by it. */
export class Faults {
  private armed: ArmedFault[] = [];

  add(fault: Fault): void {
    this.armed.push({ fault, toPass: fault.after ?? 0, toHit: fault.times ?? 1 });
  }

  clear(): void {
    this.armed = [];
  }

  /** How many armed faults have not been used up. */
  get pending(): number {
    return this.armed.length;
  }

  /** The fault for this request, or null. Counts the request against every fault that fits. */
  take(method: string, path: string): Fault | null {
    for (const candidate of this.armed) {
      if (!fits(candidate.fault, method, path)) continue;
      if (candidate.toPass > 0) {
        candidate.toPass -= 1;
        continue;
      }
      candidate.toHit -= 1;
      if (candidate.toHit <= 0) this.armed = this.armed.filter((other) => other !== candidate);
      return candidate.fault;
    }
    return null;
  }
}

function fits(fault: Fault, method: string, path: string): boolean {
  if (fault.method !== undefined && fault.method !== method) return false;
  if (fault.path === undefined) return true;
  return typeof fault.path === 'string' ? fault.path === path : fault.path.test(path);
}
