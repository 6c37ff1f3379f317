import pg from 'pg';
import type { ConnectionOptions } from 'node:tls';
import { CheckedStream } from './checked-stream';
import { type SignInRules, usualRules } from './sign-in';

/** pg's settings, with who may be given the password. */
export interface WireConfig extends pg.ClientConfig {
  readonly signIn?: SignInRules;
  /** How large the answer to one request may be: the bytes of its rows, and what the driver spends on each. */
  readonly mostAnswerBytes?: number;
}

const connectTimeoutMs = 10_000;
/** PostgreSQL's own is 4,096. A server names it, and a large one would keep a processor busy for minutes. */
const mostScramIterations = 1_000_000;

const endings = new WeakMap<pg.ClientBase, Error>();

/**
 * The one way to a PostgreSQL connection. What the environment says (PGSSLMODE, PGOPTIONS, PGPASSWORD, PGHOST …) and
 * what the password file holds does not count: everything is taken from `config`. TLS is verified as `config.ssl` says,
 * by the stream. An error is told to whoever waits for an answer; without anybody waiting it ends nothing else.
 */
export class CheckedClient extends pg.Client {
  constructor(config: WireConfig) {
    const { ssl: wanted = false, signIn: rules = usualRules, mostAnswerBytes } = config;
    const ssl: false | ConnectionOptions = wanted === true ? {} : wanted;
    // pg does not name all that it knows in its types.
    const own: pg.ClientConfig & Readonly<Record<string, unknown>> = {
      ...config,
      host: config.host ?? 'localhost',
      port: config.port ?? 5432,
      // Where it is empty, pg would take that of the environment or of the password file.
      password: isGiven(config.password) ? config.password : () => '',
      database: config.database ?? config.user,
      application_name: config.application_name ?? 'litemaas-console',
      connectionTimeoutMillis: config.connectionTimeoutMillis ?? connectTimeoutMs,
      ssl: false,
      sslnegotiation: 'postgres',
      enableChannelBinding: ssl !== false && rules.channelBinding !== 'disable',
      scramMaxIterations: mostScramIterations,
      stream: () => new CheckedStream({ ssl, rules, mostAnswerBytes }),
    };
    super(own);
    const { connectionParameters, connection } = this as unknown as Inside;
    Object.assign(connectionParameters, { options: config.options ?? '', replication: '' });
    // Without a listener an error would end the process.
    this.on('error', (error) => {
      // What follows only repeats that it ended.
      if (!endings.has(this)) endings.set(this, error);
    });
    // pg would go on with a server whose sign-in it just found wrong.
    connection.on('error', () => connection.stream.destroy());
  }
}

/** A pool of such connections. */
export function checkedPool(config: WireConfig & pg.PoolConfig): pg.Pool {
  return new pg.Pool({ ...config, Client: CheckedClient as unknown as new () => pg.ClientBase });
}

/** The error with which a connection ended while nobody waited for an answer: pg tells later callers only that it did. */
export function endedBy(client: pg.ClientBase): Error | undefined {
  return endings.get(client);
}

/** The stream under a client's messages. */
export function streamOf(client: pg.ClientBase): CheckedStream {
  return (client as unknown as Inside).connection.stream;
}

/** What pg does not name in its types. */
interface Inside {
  readonly connectionParameters: object;
  readonly connection: {
    readonly stream: CheckedStream;
    on(event: 'error', listener: () => void): void;
  };
}

function isGiven(password: pg.ClientConfig['password']): boolean {
  return password !== undefined && password !== '';
}
