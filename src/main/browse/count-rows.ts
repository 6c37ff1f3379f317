import { sql } from 'drizzle-orm';
import * as z from 'zod';
import type { Contract } from '../../shared/contract/index';
import { bigInteger } from '../../shared/contract/values';
import { whereClause } from '../records/list-query';
import type { Handler } from '../router/handlers';
import { quotedName, readableRelation } from './known-relation';
import { withLongReads } from './long-read';
import { filterConditions } from './row-filters';

/** The exact number of rows that match; as long as it takes. */
export const countRows: Handler<Contract['browse']['count']> = (input, { signal, workspace: { database } }) =>
  withLongReads(database).read(signal, async (connection) => {
    const relation = await readableRelation(connection, input);
    const conditions = await filterConditions(connection, relation, input.filters);
    const [counted] = await connection.select(
      z.strictObject({ rows: bigInteger }),
      sql`
      SELECT pg_catalog.count(*)::text AS rows FROM ${quotedName(relation)} AS t ${whereClause(conditions)}`,
    );
    return { rows: counted?.rows ?? '0' };
  });
