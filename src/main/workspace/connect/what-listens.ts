import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

/** What answers at an address, as far as a few bytes tell. */
export type Listener =
  | 'postgres'
  | 'http'
  | 'redis'
  | 'mysql'
  | 'ssh'
  | 'tls'
  | 'other'
  /** Takes connections and says nothing. */
  | 'silent'
  /** Closes at once, whatever is asked. */
  | 'closing'
  | 'unreachable';

const questionTimeoutMs = 1_500;
/** PostgreSQL's SSLRequest: eight bytes that every version answers with one letter, before any sign-in. */
const sslRequest = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]);
const plainQuestion = Buffer.from('PING\r\n\r\n');

/**
 * Asks an address that a person named what listens there: PostgreSQL's own question first, then one that text
 * protocols answer, then a TLS handshake. Signs in nowhere and sends nothing of the person's.
 */
export async function whatListens(
  place: { readonly host: string; readonly port: number },
  signal: AbortSignal,
): Promise<Listener> {
  const first = await ask(place, sslRequest, signal);
  if (first.state === 'unreachable') return 'unreachable';
  if (/^[SNE]/.test(first.text) && !first.text.startsWith('SSH-')) return 'postgres';
  const named = nameOf(first.text);
  if (named !== null) return named;
  const second = await ask(place, plainQuestion, signal);
  const answered = nameOf(second.text);
  if (answered !== null) return answered;
  if (await speaksTls(place, signal)) return 'tls';
  return first.state === 'closed' ? 'closing' : 'silent';
}

function nameOf(text: string): Listener | null {
  if (text === '') return null;
  if (/^(?:HTTP\/|<)/i.test(text)) return 'http';
  if (text.startsWith('SSH-')) return 'ssh';
  if (/^(?:\+PONG|-(?:ERR|NOAUTH|DENIED))/.test(text)) return 'redis';
  // A TLS alert.
  if (text.startsWith('\u0015\u0003')) return 'tls';
  // A greeting packet: length, sequence number 0, protocol 10.
  if (text.startsWith('\u0000\u000a', 3)) return 'mysql';
  return 'other';
}

interface Reply {
  readonly state: 'answered' | 'silent' | 'closed' | 'unreachable';
  /** Its first bytes, one character each. */
  readonly text: string;
}

function ask(
  place: { readonly host: string; readonly port: number },
  question: Buffer,
  signal: AbortSignal,
): Promise<Reply> {
  return new Promise((resolve) => {
    let isConnected = false;
    const socket = connect(place, () => {
      isConnected = true;
      socket.write(question);
    });
    const end = (reply: Reply): void => {
      stop();
      resolve(reply);
    };
    const stop = endOnTime(socket, signal, () =>
      end({ state: isConnected ? 'silent' : 'unreachable', text: '' }),
    );
    socket.once('data', (bytes: Buffer) =>
      end({ state: 'answered', text: bytes.toString('latin1').slice(0, 64) }),
    );
    socket.once('error', () => end({ state: isConnected ? 'closed' : 'unreachable', text: '' }));
    socket.once('close', () => end({ state: isConnected ? 'closed' : 'unreachable', text: '' }));
  });
}

function speaksTls(
  place: { readonly host: string; readonly port: number },
  signal: AbortSignal,
): Promise<boolean> {
  return new Promise((resolve) => {
    // Nothing is sent over it: whether the certificate is right does not matter here.
    const socket = connectTls({ ...place, rejectUnauthorized: false }, () => end(true));
    const end = (speaks: boolean): void => {
      stop();
      resolve(speaks);
    };
    const stop = endOnTime(socket, signal, () => end(false));
    socket.once('error', () => end(false));
    socket.once('close', () => end(false));
  });
}

/** Ends the question in time or when it is cancelled; answers how to end it otherwise. */
function endOnTime(socket: Socket, signal: AbortSignal, late: () => void): () => void {
  const timer = setTimeout(late, questionTimeoutMs);
  signal.addEventListener('abort', late, { once: true });
  return () => {
    clearTimeout(timer);
    signal.removeEventListener('abort', late);
    socket.destroy();
  };
}
