import { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import type { ConnectionOptions, PeerCertificate, TLSSocket } from 'node:tls';
import { Answers } from './answers';
import { negotiateTls } from './negotiate-tls';
import { Requests } from './requests';
import { SignIn, type SignInMethod, type SignInRules } from './sign-in';
import { wireError } from './wire-error';

interface CheckedStreamOptions {
  /** False: no TLS. */
  readonly ssl: false | ConnectionOptions;
  readonly rules: SignInRules;
  readonly mostAnswerBytes?: number | undefined;
}

/**
 * What the driver reads from and writes to in place of the socket. It speaks TLS itself, so that it sees the messages,
 * lets through what PostgreSQL says at this moment, and ends the connection with an AppError at anything else. Nothing
 * that the driver throws while it reads leaves it.
 *
 * `connect` is emitted when the driver may begin: with TLS, once that stands.
 */
export class CheckedStream extends Duplex {
  /** The encrypted connection; NULL without TLS, and until it stands. */
  tls: TLSSocket | null = null;
  /** Whether anything took the connection, before TLS or sign-in. */
  reached = false;
  /** pg asks it for channel binding, and only where there is TLS. */
  getPeerCertificate: (() => PeerCertificate) | undefined;

  private readonly socket = new Socket();
  private carrier: Socket | null = null;
  private waiting: (() => void) | null = null;
  private readonly requests: Requests;
  private readonly answers: Answers;
  private readonly signIn: SignIn;
  /** What came while the driver looks at the server's proof. */
  private kept: Buffer[] | null = null;

  constructor(private readonly options: CheckedStreamOptions) {
    super({ allowHalfOpen: false });
    const { ssl, rules, mostAnswerBytes } = options;
    this.signIn = new SignIn(
      rules,
      ssl === false ? 'none' : ssl.rejectUnauthorized === false ? 'encrypted' : 'verified',
    );
    this.requests = new Requests(
      () => this.signIn.answered(),
      () => this.answers.requested(),
    );
    this.answers = new Answers(
      this.signIn,
      this.requests,
      () => this.carrier?.writableLength ?? 0,
      mostAnswerBytes,
    );
    this.socket.on('error', (error: Error) => this.destroy(error));
  }

  /** How the server was signed in to; NULL before. */
  get signInMethod(): SignInMethod | null {
    return this.signIn.method;
  }

  /** As a socket's: a port and a host, or the path of a socket. */
  connect(portOrPath: number | string, host = 'localhost'): this {
    const { ssl } = this.options;
    this.socket.once('connect', () => {
      this.reached = true;
      if (ssl === false) return this.begin(this.socket);
      negotiateTls(this.socket, ssl, host, (error: Error | null, tls: TLSSocket | null) => {
        if (error !== null) {
          this.destroy(error);
        } else if (tls !== null) {
          this.tls = tls;
          this.getPeerCertificate = () => tls.getPeerCertificate();
          tls.on('error', (failure: Error) => this.destroy(failure));
          this.begin(tls);
        }
      });
    });
    this.socket.once('close', () => this.socketClosed());
    if (typeof portOrPath === 'string') this.socket.connect(portOrPath);
    else this.socket.connect(portOrPath, host);
    return this;
  }

  setNoDelay(noDelay?: boolean): this {
    this.socket.setNoDelay(noDelay);
    return this;
  }

  setKeepAlive(enable?: boolean, initialDelayMs?: number): this {
    this.socket.setKeepAlive(enable, initialDelayMs);
    return this;
  }

  ref(): this {
    this.socket.ref();
    return this;
  }

  unref(): this {
    this.socket.unref();
    return this;
  }

  /** The driver reads within these: what it throws there would end the process. */
  override emit(event: string | symbol, ...values: unknown[]): boolean {
    if (event !== 'data' && event !== 'readable' && event !== 'end') return super.emit(event, ...values);
    try {
      return super.emit(event, ...values);
    } catch (cause) {
      this.destroy(wireError('driver', { said: cause instanceof Error ? cause.message.slice(0, 200) : '' }));
      return true;
    }
  }

  override _read(): void {
    if (this.kept === null) this.carrier?.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.whenBegun((carrier) => {
      this.requests.watch(chunk);
      this.send(carrier, carrier.write(chunk), done);
    });
  }

  override _writev(chunks: { readonly chunk: Buffer }[], done: (error?: Error | null) => void): void {
    this.whenBegun((carrier) => {
      carrier.cork();
      let isTaken = true;
      for (const { chunk } of chunks) {
        this.requests.watch(chunk);
        isTaken = carrier.write(chunk);
      }
      carrier.uncork();
      this.send(carrier, isTaken, done);
    });
  }

  override _final(done: (error?: Error | null) => void): void {
    if (this.carrier === null || this.carrier.destroyed) return done();
    this.carrier.end(() => done());
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.tls?.destroy();
    this.socket.destroy();
    done(error);
  }

  private begin(carrier: Socket): void {
    this.carrier = carrier;
    carrier.on('data', (bytes: Buffer) => this.received(bytes));
    carrier.once('end', () => this.push(null));
    this.emit('connect');
    this.waiting?.();
    this.waiting = null;
  }

  private whenBegun(work: (carrier: Socket) => void): void {
    const { carrier } = this;
    if (carrier !== null) return work(carrier);
    this.waiting = () => this.carrier !== null && work(this.carrier);
  }

  private send(carrier: Socket, isTaken: boolean, done: () => void): void {
    if (isTaken) done();
    else carrier.once('drain', done);
  }

  private received(bytes: Buffer): void {
    if (this.destroyed) return;
    if (this.kept !== null) {
      this.kept.push(bytes);
      return;
    }
    try {
      const { pass, rest } = this.answers.take(bytes);
      if (rest !== null) this.letDriverLook(rest);
      for (const piece of pass) {
        if (!this.push(piece)) this.carrier?.pause();
      }
    } catch (error) {
      this.destroy(error instanceof Error ? error : new Error(String(error)));
    }
  }

  /** The driver compares the server's proof when it reads it, and ends the connection where that is wrong. */
  private letDriverLook(rest: Buffer): void {
    const kept = [rest];
    this.kept = kept;
    this.carrier?.pause();
    setImmediate(() => {
      this.kept = null;
      for (const bytes of kept) this.received(bytes);
      this.carrier?.resume();
    });
  }

  private socketClosed(): void {
    if (this.destroyed) return;
    if (this.readableEnded || this.readableLength === 0) this.destroy();
    else this.once('end', () => this.destroy());
  }
}
