import { createServer } from 'node:net';

export const loopback = '127.0.0.1';

/** The recorded port if nobody listens on it, else a free one from the operating system. */
export async function choosePort(recorded: number | null): Promise<number> {
  if (recorded !== null && (await tryListen(recorded)) !== null) return recorded;
  const port = await tryListen(0);
  if (port === null) throw new Error('the operating system has no free port on 127.0.0.1');
  return port;
}

async function tryListen(port: number): Promise<number | null> {
  return new Promise((resolve) => {
    // `exclusive` is what PostgreSQL does too; without SO_REUSEPORT a taken port is seen as taken.
    const server = createServer();
    server.once('error', () => {
      resolve(null);
    });
    server.listen({ host: loopback, port, exclusive: true }, () => {
      const address = server.address();
      const chosen = address !== null && typeof address === 'object' ? address.port : null;
      server.close(() => {
        resolve(chosen);
      });
    });
  });
}
