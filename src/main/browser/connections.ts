import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** In the order in which they are given up for a new one; `session` never is. */
const givenUp = ['silent', 'idle', 'asking'] as const;
type State = (typeof givenUp)[number] | 'session';

export interface Connections {
  /** What comes over this request's connection belongs to a session: it stays until it is answered. */
  keep(request: IncomingMessage): void;
}

/**
 * Holds the number of open connections down without locking anybody out: one too many, and the oldest that has not
 * asked anything is closed, then the oldest that has nothing more to ask, then the oldest whose request belongs to no
 * session. The new one is refused only where all are answering a session's requests.
 */
export function limitConnections(server: Server, most: number): Connections {
  // In the order in which they were opened.
  const states = new Map<Socket, State>();

  function close(socket: Socket): void {
    states.delete(socket);
    socket.destroy();
  }

  function giveOneUp(): void {
    for (const state of givenUp) {
      for (const [socket, its] of states) if (its === state) return close(socket);
    }
  }

  server.on('connection', (socket: Socket) => {
    socket.once('close', () => states.delete(socket));
    if (states.size >= most) giveOneUp();
    if (states.size >= most) socket.destroy();
    else states.set(socket, 'silent');
  });
  server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
    if (states.has(socket)) states.set(socket, 'asking');
    response.once('close', () => {
      if (states.has(socket)) states.set(socket, 'idle');
    });
  });

  return {
    keep({ socket }) {
      if (states.has(socket)) states.set(socket, 'session');
    },
  };
}
