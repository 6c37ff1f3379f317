import { AppError } from '../../../shared/errors';
import { type MainText, say } from '../../kernel/say';
import { wireError } from './wire-error';

/** Who may be given the password, and how. */
export interface SignInRules {
  /**
   * - `scram-always`: the server has to prove by SCRAM that it knows the password; for the local database.
   * - `scram-unless-verified`: in clear and as MD5 only where TLS verified who answers. A server that asks for no
   *   password (trust, peer, a client certificate) is used, as psql does: it is given none.
   * - `anything`: a person's exception for one workspace.
   */
  readonly accepts: 'scram-always' | 'scram-unless-verified' | 'anything';
  /** libpq's `channel_binding`. */
  readonly channelBinding: 'disable' | 'prefer' | 'require';
}

/** What holds where nobody said otherwise. */
export const usualRules: SignInRules = { accepts: 'scram-unless-verified', channelBinding: 'prefer' };

/** How the server was signed in to; NULL as long as it was not. */
export type SignInMethod = 'none' | 'password' | 'md5' | 'scram' | 'scram-bound';

const scram = 'SCRAM-SHA-256';
const scramBound = 'SCRAM-SHA-256-PLUS';
/** Authentication codes of methods that the console does not have. */
const unsupported: Readonly<Record<number, MainText>> = {
  2: 'connection.signInMethods.kerberos5',
  4: 'connection.signInMethods.crypt',
  6: 'connection.signInMethods.scm',
  7: 'connection.signInMethods.gss',
  8: 'connection.signInMethods.gss',
  9: 'connection.signInMethods.sspi',
};
const [ok, clearText, md5, sasl, saslContinue, saslFinal] = [0, 3, 5, 10, 11, 12];

/**
 * Follows the sign-in of one connection, refuses what the rules do not allow before the driver has seen it, and lets
 * SCRAM take its steps in their order only: a server that says "signed in" without its proof is not believed.
 */
export class SignIn {
  method: SignInMethod | null = null;
  private step: 'begin' | 'password' | 'sasl-first' | 'sasl-last' | 'proof' | 'over' = 'begin';
  private asked: SignInMethod = 'none';
  private answers = 0;

  /** @param protection of the way: what TLS there is. */
  constructor(
    private readonly rules: SignInRules,
    private readonly protection: 'none' | 'encrypted' | 'verified',
  ) {}

  /** The driver answered with a password or a step of SCRAM. */
  answered(): void {
    this.answers += 1;
  }

  get isOver(): boolean {
    return this.step === 'over';
  }

  /**
   * Takes the body of an Authentication message.
   * @throws AppError `db_auth` with `details.reason` for what is not allowed or not supported, `db_server` for what
   *   makes no sense at this moment.
   */
  take(body: Buffer): void {
    const code = body.readUInt32BE(0);
    const method = unsupported[code];
    if (method !== undefined) throw refused('sign_in_unsupported', 'unsupported', { method: say(method) });
    switch (code) {
      case ok:
        return this.takeOk(body);
      case clearText:
        return this.takeRequest('password', body.length === 4);
      case md5:
        return this.takeRequest('md5', body.length === 8);
      case sasl:
        return this.takeMechanisms(body);
      case saslContinue:
        return this.proceed('sasl-first', 'sasl-last', 1);
      case saslFinal:
        return this.proceed('sasl-last', 'proof', 2);
      default:
        throw refused('sign_in_unsupported', 'unknown', { code: String(code) });
    }
  }

  private takeRequest(method: 'password' | 'md5', isWhole: boolean): void {
    if (!isWhole || this.step !== 'begin') throw outOfOrder();
    const { accepts, channelBinding } = this.rules;
    if (channelBinding === 'require') throw refused('channel_binding', 'notBound');
    if (accepts === 'scram-always') throw refused('not_the_local_server', 'notOurServer');
    if (accepts === 'scram-unless-verified' && this.protection !== 'verified') {
      throw refused('weak_sign_in', method === 'md5' ? 'md5Refused' : 'clearTextRefused');
    }
    this.asked = method;
    this.step = 'password';
  }

  private takeMechanisms(body: Buffer): void {
    if (this.step !== 'begin') throw outOfOrder();
    const names = body.toString('latin1', 4).split('\0');
    // Each ends with a NUL, and the list with another.
    if (
      names.length < 3 ||
      names.at(-1) !== '' ||
      names.at(-2) !== '' ||
      names.indexOf('') !== names.length - 2
    )
      throw wireError('malformed', { name: 'AuthenticationSASL' });
    const canBind = this.protection !== 'none' && this.rules.channelBinding !== 'disable';
    const isBound = canBind && names.includes(scramBound);
    if (this.rules.channelBinding === 'require' && !isBound) throw refused('channel_binding', 'notBound');
    if (!isBound && !names.includes(scram)) {
      if (names.includes('OAUTHBEARER')) {
        throw refused('sign_in_unsupported', 'unsupported', {
          method: say('connection.signInMethods.oauth'),
        });
      }
      const offered = names.filter((name) => /^[A-Z0-9_-]{1,40}$/.test(name)).slice(0, 5);
      throw refused('sign_in_unsupported', 'noMechanism', { offered: offered.join(', ') || '–' });
    }
    this.asked = isBound ? 'scram-bound' : 'scram';
    this.step = 'sasl-first';
  }

  private proceed(from: typeof this.step, to: typeof this.step, answers: number): void {
    if (this.step !== from || this.answers !== answers) throw outOfOrder();
    this.step = to;
  }

  private takeOk(body: Buffer): void {
    if (body.length !== 4) throw wireError('malformed', { name: 'AuthenticationOk' });
    if (this.step === 'begin') {
      if (this.rules.accepts === 'scram-always') throw refused('not_the_local_server', 'notOurServer');
      if (this.rules.channelBinding === 'require') throw refused('channel_binding', 'notBound');
    } else if (this.step === 'sasl-first' || this.step === 'sasl-last') {
      throw refused('no_proof', 'noProof');
    } else if (this.step === 'over' || (this.step === 'password' && this.answers !== 1)) {
      throw outOfOrder();
    }
    this.method = this.asked;
    this.step = 'over';
  }
}

function outOfOrder(): AppError {
  return wireError('unexpected', { name: 'Authentication' });
}

type SignInText = MainText extends infer Text
  ? Text extends `connection.signIn.${infer Name}Hint`
    ? Name
    : never
  : never;

function refused(reason: string, text: SignInText, values: Record<string, string> = {}): AppError {
  return new AppError('db_auth', say(`connection.signIn.${text}`, values), {
    hint: say(`connection.signIn.${text}Hint`, values),
    details: { reason },
  });
}
