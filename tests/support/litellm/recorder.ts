/** What the simulator remembers of one request. Header values are never kept. */
export interface RecordedRequest {
  readonly number: number;
  readonly method: string;
  /** Path without the root path prefix. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** Lower-case names only. */
  readonly headerNames: readonly string[];
  /** `litellm-changed-by`, the one header whose value is worth asserting and no secret. */
  readonly changedBy: string | null;
  /** Parsed JSON body, or null. */
  readonly body: unknown;
  readonly receivedAtMs: number;
  /** Status that was sent; null when the connection was cut or left hanging. */
  status: number | null;
}

/** Remembers every request and every call that must never be made. */
export class Recorder {
  readonly requests: RecordedRequest[] = [];
  /** Forbidden calls, as `METHOD path`. */
  readonly violations: string[] = [];
  /** Most requests that were open at the same time. */
  maximumParallel = 0;
  /** Most writes that were open at the same time. */
  maximumParallelWrites = 0;
  private open = 0;
  private openWrites = 0;

  begin(request: RecordedRequest): void {
    this.requests.push(request);
    this.open += 1;
    if (request.method !== 'GET') this.openWrites += 1;
    this.maximumParallel = Math.max(this.maximumParallel, this.open);
    this.maximumParallelWrites = Math.max(this.maximumParallelWrites, this.openWrites);
  }

  end(request: RecordedRequest, status: number | null): void {
    request.status = status;
    this.open -= 1;
    if (request.method !== 'GET') this.openWrites -= 1;
  }

  violation(request: RecordedRequest): void {
    this.violations.push(`${request.method} ${request.path}`);
  }

  /** Requests to exactly this path, in the order they came. */
  to(path: string, method?: string): RecordedRequest[] {
    return this.requests.filter(
      (request) => request.path === path && (method === undefined || request.method === method),
    );
  }

  /** Everything that was not a GET. */
  writes(): RecordedRequest[] {
    return this.requests.filter((request) => request.method !== 'GET');
  }

  /** Throws with the list when anything was written. */
  assertNoWrites(): void {
    const writes = this.writes().map((request) => `${request.method} ${request.path}`);
    if (writes.length > 0) throw new Error(`Expected no writes, but saw: ${writes.join(', ')}`);
  }

  /** Throws with the list when a forbidden call was made. */
  assertNoViolations(): void {
    if (this.violations.length > 0)
      throw new Error(`Forbidden calls were made: ${this.violations.join(', ')}`);
  }

  /** Forgets everything seen so far. */
  clear(): void {
    this.requests.length = 0;
    this.violations.length = 0;
    this.maximumParallel = this.open;
    this.maximumParallelWrites = this.openWrites;
  }
}
