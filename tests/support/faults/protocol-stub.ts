import { createServer, type Socket } from 'node:net';

/** Something that speaks PostgreSQL's protocol just far enough to stand for a server that cannot be had here. */
export interface ProtocolStub {
  readonly port: number;
  close(): Promise<void>;
}

export interface StubBehaviour {
  /** Refuses every session with this SQLSTATE and sentence. */
  readonly refuse?: { readonly code: string; readonly message: string };
  /** Signs in, and answers the session query with these columns, everything else with nothing. */
  readonly session?: Readonly<Record<string, string>>;
}

export async function startProtocolStub(behaviour: StubBehaviour): Promise<ProtocolStub> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    let isSignedIn = false;
    socket.on('data', (bytes) => {
      if (!isSignedIn) {
        if (behaviour.refuse) {
          socket.end(refusal(behaviour.refuse));
          return;
        }
        isSignedIn = true;
        const ready = Buffer.concat([
          message('R', int32(0)),
          message('K', Buffer.concat([int32(4711), int32(1)])),
          readyForQuery,
        ]);
        socket.write(ready);
        return;
      }
      if (String.fromCharCode(bytes[0] ?? 0) !== 'Q') return;
      const text = bytes.toString('utf8', 5);
      const answers = [commandComplete('BEGIN')];
      if (text.includes('server_version_num'))
        answers.push(row(behaviour.session ?? {}), commandComplete('SELECT 1'));
      socket.write(Buffer.concat([...answers, readyForQuery]));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

const readyForQuery = message('Z', Buffer.from('I'));

function message(type: string, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from(type), int32(body.length + 4), body]);
}

function refusal({ code, message: text }: { readonly code: string; readonly message: string }): Buffer {
  return message('E', Buffer.from(`SFATAL\0VFATAL\0C${code}\0M${text}\0\0`));
}

function commandComplete(tag: string): Buffer {
  return message('C', Buffer.from(`${tag}\0`));
}

/** One row; a value of digits is an int4, `t` and `f` a boolean, all else text. */
function row(columns: Readonly<Record<string, string>>): Buffer {
  const entries = Object.entries(columns);
  const fields = entries.map(([name, value]) => {
    const type = /^\d+$/.test(value) ? 23 : /^[tf]$/.test(value) ? 16 : 25;
    return Buffer.concat([
      Buffer.from(`${name}\0`),
      int32(0),
      int16(0),
      int32(type),
      int16(-1),
      int32(-1),
      int16(0),
    ]);
  });
  const values = entries.map(([, value]) =>
    Buffer.concat([int32(Buffer.byteLength(value)), Buffer.from(value)]),
  );
  return Buffer.concat([
    message('T', Buffer.concat([int16(entries.length), ...fields])),
    message('D', Buffer.concat([int16(entries.length), ...values])),
  ]);
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
}
