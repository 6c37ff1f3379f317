import { RowLengths, isWholeRow } from './row-lengths';
import { kinds, shapeOf } from './server-messages';
import type { SignIn } from './sign-in';
import type { Requests } from './requests';
import { wireError } from './wire-error';

const headerBytes = 5;
/** All that comes before the first ReadyForQuery. PostgreSQL and poolers say a few kilobytes. */
const mostStartBytes = 1024 * 1024;
/** What pg spends on each row and value besides its bytes: it keeps an answer whole in memory. */
const [rowCost, valueCost] = [100, 24];
/** A row that is longer and not whole yet is passed on as it comes. */
const mostHeldRowBytes = 64 * 1024;

const duringStart: readonly number[] = [
  kinds.backendKeyData,
  kinds.parameterStatus,
  kinds.readyForQuery,
  kinds.notice,
  kinds.error,
];
/** What a server may say although it was asked nothing. */
const unasked: readonly number[] = [kinds.parameterStatus, kinds.notice, kinds.notification, kinds.error];
const neverInSession: readonly number[] = [kinds.authentication, kinds.backendKeyData];
const copyOut: readonly number[] = [kinds.copyData, kinds.copyDone];

/** PostgreSQL makes nothing longer (its MaxAllocSize): 1 GB. */
const longestOfPostgres = 2 ** 30;

/**
 * Reads what a server sends, before the driver does: lengths, sign-in codes, descriptions of rows and whether a message
 * may come at this moment. The driver would throw outside any promise, wait for bytes that never come, or read on for
 * ever. Rows and COPY are looked at for their lengths alone.
 */
export class Answers {
  private phase: 'sign-in' | 'start' | 'session' = 'sign-in';
  private startBytes = 0;
  private answerBytes = 0;
  private columns: number | null = null;
  private copy: 'none' | 'in' | 'out' = 'none';
  /** The beginning of a message that is not whole yet. */
  private held: Buffer[] = [];
  private heldBytes = 0;
  /** Its length with kind and length, once that is known. */
  private wanted: number | null = null;
  /** Bytes that are still to come of a message which is passed on as it comes. */
  private passing = 0;
  private passingRow: RowLengths | null = null;

  constructor(
    private readonly signIn: SignIn,
    private readonly requests: Requests,
    /** Bytes of ours that wait to be sent: a server can make the driver answer and never read it. */
    private readonly bytesToSend: () => number,
    /** Of one request. */
    private readonly mostAnswerBytes = 512 * 1024 * 1024,
  ) {}

  /** A new request: its answer begins. */
  requested(): void {
    this.answerBytes = 0;
  }

  /**
   * Takes what came and answers what the driver may read now, in whole messages except for long rows and COPY.
   * `rest` is set after the server's proof: the driver has to look at it before it may see anything else.
   * @throws AppError `db_server` or `db_auth`, see `SignIn`.
   */
  take(bytes: Buffer): { readonly pass: readonly Buffer[]; readonly rest: Buffer | null } {
    const pass: Buffer[] = [];
    let at = this.goOn(bytes, pass);
    if (this.isProof) {
      this.isProof = false;
      return { pass, rest: bytes.subarray(at) };
    }
    const from = at;
    while (at + headerBytes <= bytes.length) {
      const kind = bytes.readUInt8(at);
      const end = at + 1 + this.admit(kind, bytes.readUInt32BE(at + 1));
      if (end > bytes.length) break;
      this.inspect(kind, bytes, at + headerBytes, end);
      at = end;
      if (this.isProof) {
        this.isProof = false;
        pass.push(bytes.subarray(from, at));
        return { pass, rest: bytes.subarray(at) };
      }
    }
    if (at > from) pass.push(bytes.subarray(from, at));
    if (at < bytes.length) this.hold(bytes.subarray(at), pass);
    return { pass, rest: null };
  }

  private isProof = false;

  /** Finishes what an earlier piece began; answers where the next message begins. */
  private goOn(bytes: Buffer, pass: Buffer[]): number {
    if (this.passing > 0) return this.passOn(bytes, pass);
    let at = 0;
    while (this.heldBytes > 0 && at < bytes.length) {
      const wanted = this.wanted ?? headerBytes;
      const taken = Math.min(wanted - this.heldBytes, bytes.length - at);
      const piece = bytes.subarray(at, at + taken);
      at += taken;
      this.hold(piece, pass);
      if (this.passing > 0) return at + this.passOn(bytes.subarray(at), pass);
      if (this.heldBytes !== this.wanted) continue;
      const message = Buffer.concat(this.held, this.heldBytes);
      this.letGo();
      this.inspect(message.readUInt8(0), message, headerBytes, message.length);
      pass.push(message);
    }
    return at;
  }

  /** Keeps the beginning of a message, or begins to pass it on. */
  private hold(piece: Buffer, pass: Buffer[]): void {
    this.held.push(piece);
    this.heldBytes += piece.length;
    if (this.wanted !== null || this.heldBytes < headerBytes) return;
    const begun = Buffer.concat(this.held, this.heldBytes);
    const kind = begun.readUInt8(0);
    const length = this.admit(kind, begun.readUInt32BE(1));
    this.wanted = 1 + length;
    const isLongRow = kind === kinds.dataRow && length > mostHeldRowBytes;
    if (this.wanted === this.heldBytes || (!isLongRow && kind !== kinds.copyData)) return;
    this.letGo();
    this.passing = 1 + length - begun.length;
    this.passingRow = isLongRow ? new RowLengths(this.admitRow(length), length - 4) : null;
    if (this.passingRow?.take(begun.subarray(headerBytes)) === false) throw malformed(kind);
    pass.push(begun);
  }

  private letGo(): void {
    this.held = [];
    this.heldBytes = 0;
    this.wanted = null;
  }

  private passOn(bytes: Buffer, pass: Buffer[]): number {
    const piece = bytes.subarray(0, this.passing);
    this.passing -= piece.length;
    if (this.passingRow?.take(piece) === false) throw malformed(kinds.dataRow);
    pass.push(piece);
    return piece.length;
  }

  /** Whether a message of this kind and length may come now; answers the length. */
  private admit(kind: number, length: number): number {
    // The first message tells PostgreSQL from other programs.
    if (this.phase === 'sign-in' && this.startBytes === 0 && !this.mayCome(kind)) {
      throw wireError('otherProgram', {}, { reason: 'not_the_protocol' });
    }
    const { name, bytes } = shapeOf(kind);
    const [least, most] = bytes;
    if (length > most && most >= 16 * 1024 * 1024 && length <= longestOfPostgres) {
      // What PostgreSQL may say too: one value, or what it quotes of one.
      const size = { reason: 'answer_too_large', hint: 'tooMuchHint' } as const;
      throw wireError('tooLong', { name, bytes: String(length) }, size);
    }
    if (length < least || length > most) throw wireError('length', { name, bytes: String(length) });
    if (!this.mayCome(kind)) throw wireError('unexpected', { name });
    return length;
  }

  private mayCome(kind: number): boolean {
    if (this.phase === 'sign-in') {
      return kind === kinds.authentication || kind === kinds.error || kind === kinds.notice;
    }
    if (this.phase === 'start') return duringStart.includes(kind);
    if (this.requests.outstanding === 0) return unasked.includes(kind);
    if (kind === kinds.dataRow) return this.columns !== null;
    if (copyOut.includes(kind)) return this.copy === 'out';
    return !neverInSession.includes(kind);
  }

  /** Looks at a whole message and remembers what the next ones depend on. */
  private inspect(kind: number, bytes: Buffer, at: number, end: number): void {
    if (kind === kinds.copyData) return;
    if (kind === kinds.dataRow) {
      if (!isWholeRow(bytes, at, end, this.admitRow(end - at + 4))) throw malformed(kind);
      return;
    }
    if (shapeOf(kind).isWhole?.(bytes, at, end) === false) throw malformed(kind);
    if (this.phase !== 'session') this.countStart(end - at);
    switch (kind) {
      case kinds.authentication:
        this.signIn.take(bytes.subarray(at, end));
        this.isProof = bytes.readUInt32BE(at) === 12;
        if (this.signIn.isOver) this.phase = 'start';
        return;
      case kinds.rowDescription:
        this.columns = bytes.readInt16BE(at);
        return;
      case kinds.readyForQuery:
        if (this.phase === 'session') this.requests.outstanding -= 1;
        this.phase = 'session';
        this.columns = null;
        this.copy = 'none';
        return;
      case kinds.copyIn:
      case kinds.copyOut:
        if (this.copy !== 'none') throw wireError('unexpected', { name: shapeOf(kind).name });
        this.copy = kind === kinds.copyIn ? 'in' : 'out';
        return this.refuseDeafness();
      case kinds.portalSuspended:
        return this.refuseDeafness();
      case kinds.commandComplete:
      case kinds.error:
        this.copy = 'none';
        return;
      default:
    }
  }

  private countStart(bytes: number): void {
    this.startBytes += bytes + headerBytes;
    if (this.startBytes > mostStartBytes) throw wireError('endlessStart');
  }

  /** How many columns a row has to have; counts what it costs. */
  private admitRow(length: number): number {
    const columns = this.columns ?? 0;
    this.answerBytes += length + rowCost + valueCost * columns;
    if (this.answerBytes > this.mostAnswerBytes) {
      throw wireError('tooMuch', {}, { reason: 'answer_too_large', hint: 'tooMuchHint' });
    }
    return columns;
  }

  /** Each of these makes the driver answer: a server that goes on without reading that would fill the memory. */
  private refuseDeafness(): void {
    if (this.bytesToSend() > mostStartBytes) throw wireError('deaf');
  }
}

function malformed(kind: number): Error {
  return wireError('malformed', { name: shapeOf(kind).name });
}
