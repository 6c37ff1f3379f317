import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';

/** PostgreSQL's own port and those that a second and third server on a machine usually get. */
const usualPorts = Array.from({ length: 9 }, (_, index) => 5432 + index);

/**
 * Which of PostgreSQL's usual ports (5432 to 5440) something on this machine listens on. Nothing is connected to: Linux
 * tells in a file; elsewhere a port that cannot be taken for a moment is taken already.
 */
export async function listeningPorts(platform: NodeJS.Platform = process.platform): Promise<number[]> {
  if (platform === 'linux') {
    const tables = await Promise.all(
      ['/proc/net/tcp', '/proc/net/tcp6'].map((path) => readFile(path, 'utf8').catch(() => '')),
    );
    const listening = new Set(tables.flatMap(parseSocketTable));
    return usualPorts.filter((port) => listening.has(port));
  }
  const taken = await Promise.all(usualPorts.map(isTaken));
  return usualPorts.filter((_, index) => taken[index]);
}

/** The ports of Linux' table of TCP sockets that listen on this machine's loopback or on all addresses. */
export function parseSocketTable(text: string): number[] {
  const listening = '0A';
  return text
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const [, local = '', , state] = line.trim().split(/\s+/);
      const [address = '', port = ''] = local.split(':');
      return state === listening && isReachableHere(address) ? [Number.parseInt(port, 16)] : [];
    });
}

/** Addresses are in the machine's byte order: 127.0.0.1 is 0100007F. */
function isReachableHere(address: string): boolean {
  return (
    /^0+$/.test(address) ||
    /^[0-9A-F]{6}7F$/.test(address) ||
    address === '00000000000000000000000001000000' ||
    /^0{16}FFFF0000[0-9A-F]{6}7F$/.test(address)
  );
}

function isTaken(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) => resolve((error as NodeJS.ErrnoException).code === 'EADDRINUSE'));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(false)));
  });
}
