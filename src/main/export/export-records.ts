import type { ListedRecords } from '../../shared/records/definition';
import { readAllIds } from '../records/list-query';
import { type ListInputOf, listSource, type RecordList } from '../records/record-list';
import type { FileContent, WorkspaceCall } from '../router/handlers';
import { type CsvColumn, csvFile } from './csv-file';

/**
 * The handler of an area's `exportCsv`: every record that the list would show, page limit aside.
 * @param name of the file, without extension and day.
 */
export function exportHandler<Listed extends ListedRecords, Row>(
  name: string,
  list: RecordList<Listed, Row>,
  columns: readonly CsvColumn<Row>[],
) {
  return (
    input: ListInputOf<Listed>,
    { workspace: { database } }: Pick<WorkspaceCall, 'workspace'>,
  ): Promise<FileContent> =>
    Promise.resolve(
      csvFile({
        name,
        columns,
        database,
        async *rows(connection, signal) {
          const source = await listSource(connection, list, input);
          for await (const ids of readAllIds(connection, source, signal)) {
            yield await list.rows(connection, ids, 'exported');
          }
        },
      }),
    );
}
