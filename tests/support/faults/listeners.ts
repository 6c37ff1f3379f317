import { spawn } from 'node:child_process';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { createServer as createTlsServer } from 'node:tls';

/** Something that listens and is no PostgreSQL. */
export interface Listener {
  readonly port: number;
  close(): Promise<void>;
}

export function startHttpServer(): Promise<Listener> {
  return listen(createHttpServer((_, response) => response.end('Hello')));
}

/** Says `greeting` to whoever comes, as MySQL and SSH do. */
export function startGreeter(greeting: string): Promise<Listener> {
  return listen(createServer((socket) => socket.write(greeting)));
}

/** As Redis: lines are commands, and anything up to a line's end is waited for. */
export function startRedisLike(): Promise<Listener> {
  return listen(
    createServer((socket) => {
      socket.on('data', (bytes) => {
        const text = bytes.toString('latin1');
        if (!text.includes('\n')) return;
        socket.write(text.startsWith('PING') ? '+PONG\r\n' : '-ERR unknown command\r\n');
      });
    }),
  );
}

export function startTlsServer(options: { readonly key: string; readonly cert: string }): Promise<Listener> {
  return listen(createTlsServer(options, (socket) => socket.on('error', () => socket.destroy())));
}

/** Takes connections and never says anything. */
export function startSilentServer(): Promise<Listener> {
  return listen(createServer());
}

/** Closes every connection at once. */
export function startClosingServer(): Promise<Listener> {
  return listen(createServer((socket) => socket.destroy()));
}

/**
 * A port whose packets are dropped: it listens with a full queue and never takes a connection, so that the operating
 * system ignores every further one. Python, because Node takes connections by itself.
 */
export async function startDroppingPort(): Promise<Listener> {
  const script = [
    'import socket, sys',
    's = socket.socket(); s.bind(("127.0.0.1", 0)); s.listen(0)',
    'waiting = [socket.socket() for _ in range(8)]',
    'for w in waiting: w.setblocking(False); w.connect_ex(s.getsockname())',
    'print(s.getsockname()[1], flush=True); sys.stdin.read()',
  ];
  const child = spawn(
    'python3',
    [
      '-c',
      script
        .join('\n')
        .replace(
          'for w in waiting: w.setblocking(False); w',
          'for w in waiting:\n  w.setblocking(False)\n  w',
        ),
    ],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  const [port] = (await once(child.stdout, 'data')) as [Buffer];
  return {
    port: Number(port.toString()),
    async close() {
      child.stdin.end();
      await once(child, 'exit');
    },
  };
}

async function listen(server: Server): Promise<Listener> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
  });
  server.on('tlsClientError', () => undefined);
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
