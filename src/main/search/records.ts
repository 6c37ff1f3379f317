import { sql } from 'drizzle-orm';
import type { Contract } from '../../shared/contract/index';
import { recordKinds } from '../../shared/records/index';
import { mayBeId } from '../records/record-source';
import type { Handler } from '../router/handlers';
import { describeHits, placedHit, recordSources } from './record-kinds';

/** What the given records are called now: the palette remembers ids only. */
export const searchRecords: Handler<Contract['search']['records']> = (
  { records },
  { signal, workspace: { database } },
) =>
  database.read(signal, async ({ select }) => {
    const wanted = records
      .map((record, place) => ({ ...record, place }))
      .filter(({ kind, id }) => mayBeId(recordSources[kind], id));
    const described = recordKinds.flatMap((kind) => {
      const ofKind = wanted.filter((record) => record.kind === kind);
      const ids = sql.param(ofKind.map(({ id }) => id));
      const places = sql.param(ofKind.map(({ place }) => place));
      const type = sql.raw(recordSources[kind].idType);
      const given = sql`(SELECT * FROM unnest(${ids}::${type}[], ${places}::int[]) AS given (id, place))`;
      return ofKind.length === 0 ? [] : [sql`(${describeHits(kind, given)})`];
    });
    if (described.length === 0) return { hits: [] };
    const hits = await select(
      placedHit,
      sql`SELECT * FROM (${sql.join(described, sql` UNION ALL `)}) AS hits ORDER BY place`,
    );
    return { hits: hits.map(({ kind, id, label, details }) => ({ kind, id, label, details })) };
  });
