import type pg from 'pg';
import { CheckedClient, streamOf } from '../../../src/main/postgres/wire';

/** A statement that the console is about to send. */
export interface SentStatement {
  readonly text: string;
  /** The backend it goes to. */
  readonly processId: number;
  /** Sends it, and answers what the server does. */
  send(): Promise<unknown>;
  /** Sends another one on the same connection. */
  sendInstead(text: string): Promise<unknown>;
  /** Loses the connection; the server goes on with what it was sent. */
  hangUp(): void;
}

type Query = (this: pg.Client, ...parameters: unknown[]) => Promise<unknown>;

/**
 * Gives every statement of the console's own connections to `handle`, which sends it or does not.
 * @returns stops it.
 */
export function interceptStatements(handle: (statement: SentStatement) => Promise<unknown>): () => void {
  const prototype = CheckedClient.prototype as unknown as { query?: Query };
  const inherited = Object.getPrototypeOf(prototype) as { readonly query: Query };
  prototype.query = function query(...parameters) {
    const [first] = parameters;
    return handle({
      text: typeof first === 'string' ? first : String((first as { readonly text?: unknown }).text),
      processId: (this as unknown as { readonly processID: number }).processID,
      send: () => Reflect.apply<pg.Client, unknown[], Promise<unknown>>(inherited.query, this, parameters),
      sendInstead: (text) =>
        Reflect.apply<pg.Client, unknown[], Promise<unknown>>(inherited.query, this, [text]),
      hangUp: () => streamOf(this).destroy(new Error('Connection terminated')),
    });
  };
  return () => delete prototype.query;
}
