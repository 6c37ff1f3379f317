import pg from 'pg';

/** A session whose catalogue is asked. */
export interface CatalogueSession {
  readonly client: pg.ClientBase;
  /** `server_version_num`: what the catalogue has differs by it. */
  readonly serverVersion: number;
}

/**
 * A question of the console's own on the session of a person's statement, which has every value as text.
 * @param text names everything outside of pg_catalog with its schema: it runs under the console's own path.
 */
export async function ownQuery<Row extends pg.QueryResultRow>(
  client: pg.ClientBase,
  text: string,
  values: unknown[] = [],
): Promise<readonly Row[]> {
  return (await client.query<Row>({ text, values, types: pg.types })).rows;
}
