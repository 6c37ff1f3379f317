import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { csvFile } from './csv-file';

/** A file of one column whose rows come from `rows`; `database` runs them as they are. */
function fileOf(rows: (signal: AbortSignal) => AsyncIterable<readonly number[]>) {
  return csvFile<number, null>({
    name: 'numbers',
    columns: [{ heading: 'n', value: (row) => row }],
    database: { read: (_signal, work) => work(null) },
    rows: (_source, signal) => rows(signal),
  });
}

/** Keeps what is written, and notes whether the file was ended like a whole one. */
function target() {
  let ended = false;
  let text = '';
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += String(chunk);
      done();
    },
    final(done) {
      ended = true;
      done();
    },
  });
  stream.on('error', () => undefined);
  return { stream, ended: () => ended, text: () => text };
}

describe('a CSV file', () => {
  it('ends once its rows are written', async () => {
    const { stream, ended, text } = target();
    const file = fileOf(async function* () {
      yield [1, 2];
    });
    await file.write(stream, new AbortController().signal);
    expect([text(), ended()]).toEqual(['\uFEFFn\r\n1\r\n2\r\n', true]);
  });

  it('never ends like a whole one when it was cancelled, not even behind its last row', async () => {
    const { stream, ended } = target();
    const cancelling = new AbortController();
    const file = fileOf(async function* () {
      yield [1];
      cancelling.abort();
    });
    await expect(file.write(stream, cancelling.signal)).rejects.toMatchObject({ code: 'cancelled' });
    expect([ended(), stream.destroyed]).toEqual([false, true]);
  });

  it('never ends like a whole one when reading fails', async () => {
    const { stream, ended } = target();
    const file = fileOf(async function* () {
      yield [1];
      throw new Error('invalid byte sequence for encoding "UTF8"');
    });
    await expect(file.write(stream, new AbortController().signal)).rejects.toThrow('invalid byte');
    expect([ended(), stream.destroyed]).toEqual([false, true]);
  });
});
