import { connect, createServer, type Socket } from 'node:net';

/** A way to a server on which a test can do what networks do. */
export interface TcpForwarder {
  readonly port: number;
  /** From now on nothing passes any more and nothing is closed, on old connections and new: a half-open way. */
  goSilent(): void;
  /** New connections pass again; those that were silent stay so, as after a sleep. */
  comeBack(): void;
  /** Ends every connection at once. */
  cut(): void;
  /** How many connections were begun. */
  readonly connections: number;
  close(): Promise<void>;
}

export async function startForwarder(target: {
  readonly host: string;
  readonly port: number;
}): Promise<TcpForwarder> {
  const sockets = new Set<Socket>();
  let isSilent = false;
  let connections = 0;
  const silence = (socket: Socket): void => {
    socket.removeAllListeners('data');
    socket.pause();
  };
  const server = createServer((near) => {
    connections += 1;
    sockets.add(near);
    near.on('error', () => near.destroy());
    near.on('close', () => sockets.delete(near));
    if (isSilent) {
      near.pause();
      return;
    }
    const far = connect(target);
    sockets.add(far);
    far.on('error', () => far.destroy());
    far.on('close', () => {
      sockets.delete(far);
      if (!far.isPaused()) near.destroy();
    });
    near.on('close', () => {
      if (!near.isPaused()) far.destroy();
    });
    near.on('data', (bytes) => far.write(bytes));
    far.on('data', (bytes) => near.write(bytes));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    goSilent() {
      isSilent = true;
      for (const socket of sockets) silence(socket);
    },
    comeBack() {
      isSilent = false;
    },
    cut() {
      for (const socket of sockets) socket.destroy();
    },
    get connections() {
      return connections;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
