import { connect, createServer, type Socket } from 'node:net';

/** A way to a server that writes down what is said on it. */
export interface MessageLog {
  readonly port: number;
  /** One text for each time that the server was waited for: what it had been sent, in order. */
  readonly roundTrips: string[];
  close(): Promise<void>;
}

const headerBytes = 5;
const [query, parse, readyForQuery] = ['Q', 'P', 'Z'];

/** Begins to log a server's connections, which speak without TLS. Start-up and sign-in count as one round trip. */
export async function startMessageLog(target: {
  readonly host: string;
  readonly port: number;
}): Promise<MessageLog> {
  const sockets = new Set<Socket>();
  const roundTrips: string[] = [];
  const server = createServer((near) => {
    const far = connect(target);
    const said: string[] = [];
    const toServer = messages(1, (kind, body) => {
      if (kind === query) said.push(body.toString('utf8', 0, body.length - 1));
      if (kind === parse)
        said.push(body.toString('utf8', body.indexOf(0) + 1, body.indexOf(0, body.indexOf(0) + 1)));
    });
    const fromServer = messages(0, (kind) => {
      if (kind === readyForQuery) roundTrips.push(said.splice(0).join(' | '));
    });
    for (const [one, other, watch] of [
      [near, far, toServer],
      [far, near, fromServer],
    ] as const) {
      sockets.add(one);
      one.on('error', () => one.destroy());
      one.on('close', () => other.destroy());
      one.on('data', (bytes: Buffer) => {
        watch(bytes);
        other.write(bytes);
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    roundTrips,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** Reads whole messages out of pieces; the first `bare` ones have no kind. */
function messages(bare: number, found: (kind: string, body: Buffer) => void): (bytes: Buffer) => void {
  let kept = Buffer.alloc(0);
  let bareLeft = bare;
  return (bytes) => {
    kept = Buffer.concat([kept, bytes]);
    for (;;) {
      const header = bareLeft > 0 ? headerBytes - 1 : headerBytes;
      if (kept.length < header) return;
      const end = header + kept.readUInt32BE(header - 4) - 4;
      if (kept.length < end) return;
      if (bareLeft > 0) bareLeft -= 1;
      else found(String.fromCharCode(kept.readUInt8(0)), kept.subarray(header, end));
      kept = kept.subarray(end);
    }
  };
}
