import { finished } from 'node:stream/promises';
import type { Writable } from 'node:stream';
import type { Connection } from '../postgres/database';
import type { FileContent } from '../router/handlers';
import { byteOrderMark, csvLine, type CsvValue } from './csv';
import type { CsvType } from './csv-type';
import { cancelled, throwIfCancelled } from '../kernel/cancelled';

/** A column of an export: its heading (stable, for programs too) and where its value comes from. */
export interface CsvColumn<Row> {
  readonly heading: string;
  readonly value: (row: Row) => CsvValue;
  /** What the values are, `text` unless given: numbers, money, times and intervals are no formulas. */
  readonly type?: CsvType;
}

interface CsvFileOptions<Row, Source> {
  /** Without extension; the day is added. */
  readonly name: string;
  readonly columns: readonly CsvColumn<Row>[];
  /** Gives `rows` what they are read from: a connection in its transaction. */
  readonly database: { read<T>(signal: AbortSignal, work: (source: Source) => Promise<T>): Promise<T> };
  /** Produces the rows in batches, inside one read transaction: the file shows one moment. */
  readonly rows: (source: Source, signal: AbortSignal) => AsyncIterable<readonly Row[]>;
  readonly now?: () => Date;
}

/**
 * A CSV file (RFC 4180, UTF-8 with byte order mark) that is produced while it is written: no more than one batch of
 * rows is in memory, and a slow reader slows the query down. Cancelling ends it between batches or cancels the SQL.
 * What was cancelled or failed never ends like a whole file: the target is destroyed, so that the desktop removes what
 * was written and the browser shows a broken download.
 */
export function csvFile<Row, Source = Connection>({
  name,
  columns,
  database,
  rows,
  now = () => new Date(),
}: CsvFileOptions<Row, Source>): FileContent {
  return {
    suggestedName: `${name}-${now().toISOString().slice(0, 10)}.csv`,
    contentType: 'text/csv; charset=utf-8',
    async write(target, signal) {
      const output = watched(target, signal);
      const types = columns.map(({ type }) => type);
      try {
        await output.write(byteOrderMark + csvLine(columns.map((column) => column.heading)));
        await database.read(output.signal, async (source) => {
          for await (const batch of rows(source, output.signal)) {
            await output.write(
              batch
                .map((row) =>
                  csvLine(
                    columns.map((c) => c.value(row)),
                    types,
                  ),
                )
                .join(''),
            );
          }
        });
        // Rows may just have ended because of it.
        throwIfCancelled(output.signal);
        target.end();
        await finished(target);
      } catch (error) {
        const failure = output.failure() ?? error;
        target.destroy(failure instanceof Error ? failure : new Error(String(failure)));
        throw failure;
      } finally {
        output.stop();
      }
    },
  };
}

/** Writes with backpressure; the signal it hands on aborts too when the target fails or is closed by its reader. */
function watched(target: Writable, signal: AbortSignal) {
  const closed = new AbortController();
  let failure: Error | undefined;
  const onError = (error: Error): void => {
    failure = error;
    closed.abort();
  };
  const onClose = (): void => closed.abort();
  target.on('error', onError);
  target.on('close', onClose);
  const either = AbortSignal.any([signal, closed.signal]);

  return {
    signal: either,
    failure: () => failure,
    async write(text: string): Promise<void> {
      throwIfCancelled(either);
      if (target.write(text)) return;
      await new Promise<void>((resolve, reject) => {
        const onDrain = (): void => {
          either.removeEventListener('abort', onAbort);
          resolve();
        };
        const onAbort = (): void => {
          target.off('drain', onDrain);
          reject(cancelled());
        };
        target.once('drain', onDrain);
        either.addEventListener('abort', onAbort, { once: true });
      });
    },
    stop() {
      target.off('close', onClose);
      // The error listener stays: a destroyed stream reports its error after this.
    },
  };
}
