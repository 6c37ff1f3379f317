import type { SpendRow } from './spend-rows';
import type { RejectedRow } from '../mapping/values';
import type { PullContext } from '../pull/pull-context';
import { saveChanged, storeBatch } from '../pull/scan-pages';
import type { RemoteObject } from '../pull/store/remote-objects';
import type { SpendPosition } from '../pull/store/sync-runs';
import type { AttributeOptions } from './attribute-spend';
import { createSpendSource, dayMs, type FirstPage, mostRowsPerSlice, type Slice } from './spend-source';
import { keepUnreadable, storeSpend } from './store-spend';
import { say } from '../../kernel/say';

/** What the job shows as long as spend is read. */
const secondMs = 1_000;
const hourMs = 3_600_000;
const fewRows = 1_000;
/** Small slices are stored together, but nobody waits longer than this to see the first of them. */
const rowsPerBatch = 5_000;
const longestWaitMs = 3_000;

export interface OpenSlice extends Slice {
  readonly first: FirstPage;
}

interface ReadSlice {
  readonly rows: SpendRow[];
  readonly rejected: RejectedRow[];
  /** False when the proxy still gave fewer rows than it counts, at the second reading too. */
  readonly isComplete: boolean;
}

interface Waiting {
  readonly rows: SpendRow[];
  readonly rejected: RejectedRow[];
  readonly findings: RemoteObject[];
  position: SpendPosition | null;
}

function nothingWaiting(): Waiting {
  return { rows: [], rejected: [], findings: [], position: null };
}

/** Cuts time into slices that hold neither too many rows (deep pages are slow) nor too few. */
export class SliceReader {
  private readonly source;
  private widthMs = hourMs;
  private done = 0;
  private waiting = nothingWaiting();
  private storedAt = performance.now();

  constructor(
    private readonly context: PullContext,
    private readonly options: AttributeOptions,
  ) {
    this.source = createSpendSource(context.client);
  }

  async *forwards(fromMs: number, toMs: number): AsyncGenerator<OpenSlice> {
    for (let at = fromMs; at < toMs;) {
      const slice = await this.open((width) => ({
        fromMs: at,
        toMs: Math.min(toMs, this.endAfter(at, width)),
      }));
      yield slice;
      at = slice.toMs;
    }
  }

  async *backwards(fromMs: number, toMs: number): AsyncGenerator<OpenSlice> {
    for (let at = fromMs; at > toMs;) {
      const slice = await this.open((width) => ({
        fromMs: Math.max(toMs, this.startBefore(at, width)),
        toMs: at,
      }));
      yield slice;
      at = slice.fromMs;
    }
  }

  /**
   * Reads a slice and imports it, together with those before it once they are worth a transaction: then the position
   * is saved with them. What is cancelled in between is read again.
   */
  async store(slice: OpenSlice, position: SpendPosition): Promise<void> {
    const { rows, rejected, isComplete } = await this.readAll(slice);
    this.done += rows.length;
    this.waiting.rows.push(...rows);
    this.waiting.rejected.push(...rejected);
    if (slice.first.truncated) this.waiting.findings.push(findingOfDay(slice, 'truncated'));
    else if (!isComplete) this.waiting.findings.push(findingOfDay(slice, 'incomplete'));
    this.waiting.position = position;
    const waitedMs = performance.now() - this.storedAt;
    if (this.waiting.rows.length >= rowsPerBatch || waitedMs >= longestWaitMs) await this.flush();
  }

  /** Imports what is left; call it at the end. */
  async flush(): Promise<void> {
    const { context, options } = this;
    const { rows, rejected, findings, position } = this.waiting;
    if (position === null) return;
    this.waiting = nothingWaiting();
    for (let start = 0; start === 0 || start < rows.length; start += mostRowsPerSlice) {
      const part = rows.slice(start, start + mostRowsPerSlice);
      const isLast = start + mostRowsPerSlice >= rows.length;
      await storeBatch(context, 'spend', async (connection) => {
        await storeSpend(connection, context, part, position.countFrom, options);
        if (!isLast) return;
        await keepUnreadable(connection, context, rejected);
        const distinct = new Map(findings.map((finding) => [finding.remoteId, finding]));
        await saveChanged(connection, context, 'spend', [...distinct.values()]);
        context.run.cursor = { page: null, spend: position };
      });
    }
    this.storedAt = performance.now();
    context.workspace.dataChanged();
  }

  private async open(sliceOf: (widthMs: number) => Slice): Promise<OpenSlice> {
    for (;;) {
      const slice = sliceOf(this.widthMs);
      this.report(slice, 0);
      const first = await this.source.open(slice, this.context.signal);
      const lengthMs = slice.toMs - slice.fromMs;
      const isTooLarge = first.capped || first.total >= mostRowsPerSlice;
      if (isTooLarge && lengthMs > secondMs && !this.source.wholeDays) {
        this.widthMs = Math.max(secondMs, Math.floor(lengthMs / 2 / secondMs) * secondMs);
        continue;
      }
      // The width that was asked for, not the one that the end of the range left.
      if (first.total < fewRows) this.widthMs = Math.min(dayMs, this.widthMs * 2);
      return { ...slice, first };
    }
  }

  /** Pages have no order among equal times: rows may slip between two of them. A slice that lost some is read again. */
  private async readAll(slice: OpenSlice): Promise<ReadSlice> {
    const found = new Map<string, SpendRow>();
    let rejected = await this.collect(slice, slice.first, found);
    const isComplete = ({ capped, total }: FirstPage): boolean =>
      capped || found.size + rejected.length >= total;
    let last = slice.first;
    if (!isComplete(last)) {
      last = await this.source.open(slice, this.context.signal);
      rejected = await this.collect(slice, last, found);
    }
    return { rows: [...found.values()], rejected, isComplete: isComplete(last) };
  }

  private async collect(
    slice: Slice,
    first: FirstPage,
    found: Map<string, SpendRow>,
  ): Promise<RejectedRow[]> {
    const rejected: RejectedRow[] = [];
    for await (const page of first.rows()) {
      for (const row of page.rows) found.set(row.request_id, row);
      rejected.push(...page.rejected);
      this.report(slice, found.size);
    }
    return rejected;
  }

  private report(slice: Slice, rows: number): void {
    const day = new Date(slice.fromMs).toISOString().slice(0, 16).replace('T', ' ');
    this.context.report({
      title: say('litellm.pull.spend'),
      detail: say('litellm.pull.slice', { moment: day, count: this.done + rows }),
      done: this.done + rows,
    });
  }

  private endAfter(atMs: number, widthMs: number): number {
    return this.source.wholeDays ? (Math.floor(atMs / dayMs) + 1) * dayMs : atMs + widthMs;
  }

  private startBefore(atMs: number, widthMs: number): number {
    return this.source.wholeDays ? (Math.ceil(atMs / dayMs) - 1) * dayMs : atMs - widthMs;
  }
}

/**
 * A day of which the proxy only shows the newest rows (truncated), or gave fewer than it counts (incomplete): said on
 * screen, because totals of that day may be too low.
 */
function findingOfDay(slice: Slice, finding: 'truncated' | 'incomplete'): RemoteObject {
  const day = new Date(slice.fromMs).toISOString().slice(0, 10);
  const homeless = { localId: null, state: 'homeless', agreement: null } as const;
  return {
    ...homeless,
    remoteId: `${finding}:${day}`,
    reason: `log_${finding}`,
    remote: { name: day },
  };
}
