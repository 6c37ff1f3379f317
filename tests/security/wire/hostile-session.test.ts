import { setTimeout as delay } from 'node:timers/promises';
import { from as copyFrom } from 'pg-copy-streams';
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import { CheckedClient, checkedPool } from '../../../src/main/postgres/wire';
import { giveUp, withinTime } from '../../../src/main/postgres/silent-connection';
import { AppError } from '../../../src/shared/errors';
import {
  authentication,
  begun,
  dataRow,
  done,
  type HostilePostgres,
  int16,
  int32,
  lying,
  message,
  ready,
  rowDescription,
  startHostilePostgres,
  texts,
  type Victim,
} from '../../support/faults/hostile-postgres';

/** A server that signed in properly and turns hostile later: at an answer, in COPY, while nobody asks it anything. */
const servers: HostilePostgres[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function hostile(
  play: (victim: Victim) => Promise<void> | void,
): Promise<{ host: string; port: number; user: string; database: string }> {
  const server = await startHostilePostgres(async (victim) => {
    await victim.heard();
    victim.send(begun);
    await play(victim);
  });
  servers.push(server);
  return { host: '127.0.0.1', port: server.port, user: 'ana', database: 'shop' };
}

/** What the call is told; it must be told something within two seconds. */
async function told(call: Promise<unknown>): Promise<unknown> {
  const outcome = call.then(
    () => new Error('It was answered.'),
    (error: unknown) => error,
  );
  return Promise.race([outcome, delay(2_000, new Error('It was never told anything.'), { ref: false })]);
}

const one = rowDescription('a');
const lies: [string, Buffer][] = [
  ['a description that is cut short', message('T', int16(3), texts('a'), Buffer.alloc(18))],
  ['a description with a negative count', message('T', int16(-1))],
  ['a description with a tail', message('T', int16(0), Buffer.from('tail'))],
  ['a column in an unknown format', message('T', int16(1), texts('a'), Buffer.alloc(16), int16(7))],
  ['a row that nobody described', dataRow('x')],
  ['a row with too many values', Buffer.concat([one, dataRow('x', 'y')])],
  ['a row with too few values', Buffer.concat([one, message('D', int16(0))])],
  [
    'a value that is longer than its row',
    Buffer.concat([one, message('D', int16(1), int32(1_000_000), Buffer.from('x'))]),
  ],
  ['a value of negative length', Buffer.concat([one, message('D', int16(1), int32(-2))])],
  ['a row with a tail', Buffer.concat([one, message('D', int16(1), int32(1), Buffer.from('xtail'))])],
  ['a row of two gigabytes', Buffer.concat([one, lying('D', 0x7fff_ffff)])],
  ['a row of negative length', Buffer.concat([one, lying('D', -1)])],
  [
    'a long row whose values do not fit',
    Buffer.concat([
      one,
      lying('D', 300_000, Buffer.concat([int16(1), int32(200_000)])),
      Buffer.alloc(300_000),
    ]),
  ],
  ['a long row of another width', Buffer.concat([one, lying('D', 300_000, int16(2)), Buffer.alloc(300_000)])],
  ['an error without end', message('E', Buffer.from('SERROR\0Moops'))],
  ['an error whose last text has no end', message('E', Buffer.from('SERROR\0Moops\0C'))],
  ['a notice without end', message('N', Buffer.from('SNOTICE'))],
  ['an end of the command without end', message('C', Buffer.from('SELECT 1'))],
  ['an end of the command with two texts', message('C', texts('SELECT', '1'))],
  ['a notification without payload', message('A', int32(1), texts('channel'))],
  ['parameters that are fewer than said', message('t', int16(3), int32(25))],
  ['a COPY of more columns than said', message('H', Buffer.from([0]), int16(9))],
  ['data of a COPY that never began', message('d', Buffer.from('1\n'))],
  ['the end of a COPY that never began', message('c')],
  [
    'two COPYs at once',
    Buffer.concat([message('G', Buffer.from([0]), int16(0)), message('G', Buffer.from([0]), int16(0))]),
  ],
  ['replication', message('W', Buffer.from([0]), int16(0))],
  ['the answer of a function call', message('V', int32(-1))],
  ['a demand for the password', authentication(3)],
  ['another key', message('K', int32(1), int32(1))],
  ['a kind that does not exist', message('?', Buffer.from('x'))],
  ['readiness in an unknown state', message('Z', Buffer.from('?'))],
  ['more readiness than was asked for', Buffer.concat([done, ready, ready])],
];

describe('an answer', () => {
  it.each(lies)('with %s ends the connection and says why', async (name, bytes) => {
    const config = await hostile(async (victim) => {
      for (;;) {
        await victim.heard();
        victim.send(bytes);
      }
    });
    for (const ask of [
      (client: CheckedClient) => client.query('SELECT 1'),
      (client: CheckedClient) => client.query('SELECT $1::int', [1]),
    ]) {
      const client = new CheckedClient(config);
      await client.connect();
      const first = told(ask(client));
      // What comes after a whole answer is found when the next is asked for, at the latest.
      const error = name.startsWith('more readiness')
        ? await first.then(() => told(ask(client)))
        : await first;
      if (error instanceof AppError) expect(error.details?.['reason']).toBe('protocol');
      else expect((error as Error).message).toMatch(/not queryable|connection error/);
      await client.end();
    }
  });

  it('of endless rows ends before it fills the memory', async () => {
    const config = await hostile(async (victim) => {
      await victim.heard();
      victim.send(one);
      victim.flood(dataRow(null));
    });
    const client = new CheckedClient(config);
    await client.connect();
    const before = process.memoryUsage().heapUsed;
    const error: unknown = await client.query('SELECT 1').catch((failure: unknown) => failure);
    expect(error).toMatchObject({ details: { reason: 'answer_too_large' } });
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(1_500_000_000);
  });

  it('of endless notices, notifications or data of a COPY ends with the time it was given', async () => {
    for (const bytes of [
      message('N', texts('SNOTICE', 'Mhello'), Buffer.alloc(1)),
      message('A', int32(1), texts('channel', 'payload')),
      message('d', Buffer.from('1\n')),
    ]) {
      const config = await hostile(async (victim) => {
        await victim.heard();
        if (bytes[0] === 0x64) victim.send(message('H', Buffer.from([0]), int16(0)));
        victim.flood(bytes);
      });
      const client = new CheckedClient(config);
      await client.connect();
      const error = await told(withinTime(client, client.query('SELECT 1'), 300));
      expect(error).toMatchObject({ message: 'The server did not answer in time.' });
    }
  });

  it('of a server that asks for data again and again, and reads none, ends', async () => {
    const again = Buffer.concat([message('G', Buffer.from([0]), int16(0)), done]);
    const config = await hostile(async (victim) => {
      await victim.heard();
      victim.flood(again);
    });
    const client = new CheckedClient(config);
    await client.connect();
    const error: unknown = await withinTime(client, client.query('SELECT 1'), 10_000).catch(
      (failure: unknown) => failure,
    );
    expect(error).toBeInstanceOf(Error);
  });
});

describe('a COPY into the database', () => {
  it.each([
    ['rows', Buffer.concat([one, dataRow('x'), done, ready])],
    ['its end before it began', Buffer.concat([done, ready])],
    [
      'two beginnings',
      Buffer.concat([message('G', Buffer.from([0]), int16(0)), message('G', Buffer.from([0]), int16(0))]),
    ],
    ['an error that never ends', message('E', Buffer.from('SERROR\0Moops'))],
    [
      'data of its own',
      Buffer.concat([message('G', Buffer.from([0]), int16(0)), message('d', Buffer.from('1\n'))]),
    ],
    ['its end while data is sent', Buffer.concat([message('G', Buffer.from([0]), int16(0)), done, ready])],
    ['a hang-up', Buffer.alloc(0)],
  ])('that is answered by %s ends', async (_name, bytes) => {
    const config = await hostile(async (victim) => {
      await victim.heard();
      victim.send(bytes);
      if (bytes.length === 0) victim.hangUp();
      else setTimeout(() => victim.hangUp(), 100);
    });
    const client = new CheckedClient(config);
    await client.connect();
    const rows = Readable.from(Array.from({ length: 1000 }, (_, row) => `${String(row)}\n`));
    const copy = client.query(copyFrom('COPY t FROM STDIN'));
    copy.on('error', () => undefined);
    void pipeline(rows, copy).catch(() => undefined);
    const ended = new Promise<void>((resolve) => client.once('end', () => resolve()));
    await Promise.race([ended, delay(2_000, undefined, { ref: false }).then(() => giveUp(client))]);
    await client.end();
    // Nothing of it may come later: an exception outside a promise fails the run.
    await expect(client.query('SELECT 1')).rejects.toBeInstanceOf(Error);
  });
});

describe('a connection that nobody uses', () => {
  it.each([
    ['garbage', Buffer.from('????????')],
    ['rows', Buffer.concat([one, dataRow('x')])],
    ['readiness', ready],
    ['a demand for the password', authentication(3)],
    [
      'an error that is its last word',
      message('E', texts('SFATAL', 'C57P01', 'Mterminating'), Buffer.alloc(1)),
    ],
  ])('is dropped from the pool at %s, and the next call gets another', async (_name, bytes) => {
    let connections = 0;
    const config = await hostile(async (victim) => {
      connections += 1;
      const isFirst = connections === 1;
      await victim.heard();
      victim.send(done, ready, isFirst ? bytes : Buffer.alloc(0));
      await victim.heard();
      victim.send(done, ready);
    });
    const pool = checkedPool({ ...config, max: 2 });
    const lost = new Promise<unknown>((resolve) => pool.once('error', resolve));
    const client = await pool.connect();
    await client.query('SELECT 1').catch(() => undefined);
    client.release();
    await Promise.race([lost, delay(500, undefined, { ref: false })]);
    await pool.query('SELECT 1');
    expect(connections).toBe(2);
    await pool.end();
  });
});
