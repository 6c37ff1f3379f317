import type pg from 'pg';

interface Messages {
  parse(message: { readonly name: string; readonly text: string; readonly types: readonly number[] }): void;
  sync(): void;
}

/**
 * Has the server read a text without running any of it: the extended protocol's Parse alone, which takes one statement
 * and no more.
 * @throws the server's error, as pg has it.
 */
export function parseOnly(client: pg.Client, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let failure: Error | undefined;
    const query: pg.Submittable & Record<string, unknown> = {
      submit(connection: pg.Connection): void {
        // pg has these, its types do not.
        const messages = connection as unknown as Messages;
        messages.parse({ name: '', text, types: [] });
        messages.sync();
      },
      handleError(error: Error): void {
        failure = error;
        // A connection that was lost says nothing more.
        reject(error);
      },
      handleReadyForQuery(): void {
        if (failure === undefined) resolve();
      },
    };
    client.query(query);
  });
}
