import { createServer, type Socket } from 'node:net';

/** A server that plays PostgreSQL up to a moment and then says what no server should. */
export interface HostilePostgres {
  readonly port: number;
  /** Everything that anybody ever sent to it. */
  received(): Buffer;
  close(): Promise<void>;
}

/** One connection to it, as its script sees it. */
export interface Victim {
  send(...bytes: Buffer[]): void;
  /** Waits for the next bytes of the client. */
  heard(): Promise<Buffer>;
  /** Sends the same for ever, as fast as it is taken. */
  flood(bytes: Buffer): void;
  hangUp(): void;
}

/** @param play what it does with each connection; what it throws because the client left does not matter. */
export async function startHostilePostgres(
  play: (victim: Victim) => Promise<void> | void,
): Promise<HostilePostgres> {
  const sockets = new Set<Socket>();
  const received: Buffer[] = [];
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    const unread: Buffer[] = [];
    let waiting: ((bytes: Buffer) => void) | undefined;
    socket.on('data', (bytes: Buffer) => {
      received.push(bytes);
      if (waiting === undefined) return void unread.push(bytes);
      const hear = waiting;
      waiting = undefined;
      hear(bytes);
    });
    const victim: Victim = {
      send: (...bytes) => void socket.write(Buffer.concat(bytes)),
      heard: () => {
        const early = unread.shift();
        if (early !== undefined) return Promise.resolve(early);
        return new Promise((resolve) => {
          waiting = resolve;
        });
      },
      flood(bytes) {
        const much = Buffer.concat(Array.from({ length: Math.max(1, 65_536 / bytes.length) }, () => bytes));
        const go = (): void => {
          if (socket.destroyed) return;
          if (socket.write(much)) setImmediate(go);
          else socket.once('drain', go);
        };
        go();
      },
      hangUp: () => void socket.destroy(),
    };
    void Promise.resolve(play(victim)).catch(() => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    received: () => Buffer.concat(received),
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

export function message(kind: string, ...body: Buffer[]): Buffer {
  const bytes = Buffer.concat(body);
  return Buffer.concat([Buffer.from(kind), int32(bytes.length + 4), bytes]);
}

/** A message whose length says something else than its body. */
export function lying(kind: string, length: number, body: Buffer = Buffer.alloc(0)): Buffer {
  return Buffer.concat([Buffer.from(kind), int32(length), body]);
}

export function authentication(code: number, body: Buffer | string = ''): Buffer {
  return message('R', int32(code), Buffer.from(body));
}

export function texts(...values: string[]): Buffer {
  return Buffer.from(values.map((value) => `${value}\0`).join(''));
}

/** `NULL` is a value of length −1. */
export function dataRow(...values: (string | null)[]): Buffer {
  const cells = values.map((value) =>
    value === null ? int32(-1) : Buffer.concat([int32(Buffer.byteLength(value)), Buffer.from(value)]),
  );
  return message('D', int16(values.length), ...cells);
}

/** Columns of type text. */
export function rowDescription(...names: string[]): Buffer {
  const fields = names.map((name) =>
    Buffer.concat([texts(name), int32(0), int16(0), int32(25), int16(-1), int32(-1), int16(0)]),
  );
  return message('T', int16(names.length), ...fields);
}

export const ready = message('Z', Buffer.from('I'));
export const done = message('C', texts('SELECT 1'));
/** Signed in, and the session begins. */
export const begun = Buffer.concat([
  authentication(0),
  message('S', texts('server_version', '18.4')),
  message('K', int32(4711), int32(42)),
  ready,
]);

export function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value | 0);
  return bytes;
}

export function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value & 0xffff);
  return bytes;
}
