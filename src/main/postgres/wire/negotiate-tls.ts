import { isIP, type Socket } from 'node:net';
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { wireError } from './wire-error';

/** PostgreSQL's question whether it speaks TLS: length 8, code 80877103. */
const sslRequest = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]);

/**
 * Makes a connection to PostgreSQL an encrypted one, verified as `options` say. `done` is told once: of TLS that stands,
 * or of why it does not. Nothing of the person's has been sent by then.
 * @param host the name that is asked for (SNI); an address is not.
 */
export function negotiateTls(
  socket: Socket,
  options: ConnectionOptions,
  host: string,
  done: (error: Error | null, tls: TLSSocket | null) => void,
): void {
  socket.once('data', (answer: Buffer) => {
    const [letter] = answer.toString('latin1');
    // Whatever came in clear behind the answer would be taken for encrypted (CVE-2021-23222).
    if (letter === 'S' && answer.length > 1)
      return done(wireError('tlsAnswer', {}, { reason: 'not_the_protocol' }), null);
    if (letter === 'N') return done(new Error('The server does not support SSL connections'), null);
    if (letter !== 'S') return done(new Error('There was an error establishing an SSL connection'), null);
    let tls: TLSSocket;
    try {
      tls = connect({
        ...options,
        // pg hides it from enumeration, and so from the spread.
        ...(options.key === undefined ? {} : { key: options.key }),
        rejectUnauthorized: options.rejectUnauthorized ?? true,
        socket,
        host,
        ...(isIP(host) === 0 ? { servername: host } : {}),
        ALPNProtocols: ['postgresql'],
      });
    } catch (error) {
      return done(error instanceof Error ? error : new Error(String(error)), null);
    }
    tls.once('error', (error: Error) => done(error, null));
    tls.once('secureConnect', () => done(null, tls));
  });
  socket.write(sslRequest);
}
