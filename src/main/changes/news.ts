import { grouped } from '../../shared/grouped';
import type { Connection } from '../postgres/database';
import type { Change, ChangedRecord, PartKind } from './change';
import type { ChangedPart } from './judge';
import type { OutboxEntry } from './outbox';

type Written = Pick<ChangedRecord, 'id' | 'before' | 'after'>;

/** What LiteLLM has to hear of one record. */
type News = Omit<OutboxEntry, 'changeId'>;

/** What LiteLLM has to hear of records and of the parts that change with them, in their order: the records first. */
export async function newsOf(
  connection: Connection,
  change: Pick<Change, 'record' | 'news' | 'heardOf'>,
  records: readonly Written[],
  parts: readonly ChangedPart[],
): Promise<{ readonly ofRecords: readonly News[]; readonly ofParts: readonly News[] }> {
  const ofParts: News[] = [];
  for (const [kind, group] of grouped(parts, (part) => part.kind)) {
    ofParts.push(...(await newsOfKind(connection, kind, group)));
  }
  return { ofRecords: await newsOfKind(connection, change, records), ofParts };
}

async function newsOfKind(
  connection: Connection,
  kind: Pick<PartKind, 'record' | 'news' | 'heardOf'>,
  written: readonly Written[],
): Promise<News[]> {
  const told = written.flatMap((record) => {
    const news = kind.news(record.before, record.after);
    return news === null ? [] : [{ record, news }];
  });
  const heard =
    kind.heardOf === undefined || told.length === 0
      ? null
      : await kind.heardOf(
          connection,
          told.map(({ record }) => record),
        );
  return told
    .filter(({ record: { id } }) => heard === null || heard.has(id))
    .map(({ record: { id }, news }) => ({ kind: kind.record.kind, id, news }));
}
