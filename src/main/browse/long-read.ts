import { sql } from 'drizzle-orm';
import type { Database } from '../postgres/database';

/** The same database, whose reads have no timeout (counting and exporting big tables): they end when cancelled. */
export function withLongReads(database: Database): Pick<Database, 'read'> {
  return {
    read: (signal, work) =>
      database.batch(signal, async (connection) => {
        await connection.run(sql`SET TRANSACTION READ ONLY`);
        return work(connection);
      }),
  };
}
