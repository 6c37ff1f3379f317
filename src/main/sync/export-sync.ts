import type { Contract } from '../../shared/contract/index';
import { type RemoteObject, syncEntities, type SyncRun } from '../../shared/contract/sync';
import { type CsvColumn, csvFile } from '../export/csv-file';
import { readAllIds } from '../records/list-query';
import type { Handler } from '../router/handlers';
import { readLink } from '../litellm/link/proxy-link';
import { readRuns } from '../litellm/pull/store/sync-runs';
import { objectRows, objectsSource } from './sync-queries';

const runsPerBatch = 200;
const counts = ['read', 'created', 'updated', 'unchanged', 'homeless'] as const;

/** One line per run; what it read and wrote of each entity in columns of their own, such as `users_created`. */
const runColumns: readonly CsvColumn<SyncRun>[] = [
  { heading: 'id', value: (run) => run.id },
  { heading: 'state', value: (run) => run.state },
  { heading: 'started_at', type: 'instant', value: (run) => run.startedAt },
  { heading: 'finished_at', type: 'instant', value: (run) => run.finishedAt },
  { heading: 'error', value: (run) => run.error },
  ...syncEntities.flatMap((entity) =>
    (['state', ...counts] as const).map((column) => ({
      heading: `${entity}_${column}`,
      value: (run: SyncRun) => run.entities.find((counted) => counted.entity === entity)?.[column] ?? null,
    })),
  ),
];

/** Every pull there was. */
export const exportHistory: Handler<Contract['sync']['exportHistoryCsv']> = (
  { sort },
  { workspace: { database } },
) =>
  Promise.resolve(
    csvFile({
      name: 'litellm-pulls',
      columns: runColumns,
      database,
      async *rows(connection) {
        for (let page = 0; ; page += 1) {
          const place = { page, pageSize: runsPerBatch, ascending: sort?.direction === 'asc' };
          const { rows } = await readRuns(connection, place);
          yield rows;
          if (rows.length < runsPerBatch) return;
        }
      },
    }),
  );

const objectColumns: readonly CsvColumn<RemoteObject>[] = [
  { heading: 'kind', value: (object) => object.kind },
  { heading: 'remote_id', value: (object) => object.remoteId },
  { heading: 'name', value: (object) => object.name },
  { heading: 'local_id', value: (object) => object.localId },
  { heading: 'state', value: (object) => object.state },
  { heading: 'reason', value: (object) => object.reason },
  { heading: 'seen_at', type: 'instant', value: (object) => object.seenAt },
];

/** Every object of the linked proxy that the list would show; none where no proxy is linked. */
export const exportObjects: Handler<Contract['sync']['exportObjectsCsv']> = (
  input,
  { workspace: { database } },
) =>
  Promise.resolve(
    csvFile({
      name: 'litellm-objects',
      columns: objectColumns,
      database,
      async *rows(connection, signal) {
        const link = await readLink(connection);
        if (link === null) return;
        for await (const ids of readAllIds(connection, objectsSource(link.baseUrl, input), signal)) {
          yield await objectRows(connection, link.baseUrl, ids);
        }
      },
    }),
  );
