import { useMemo, type ReactElement, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ListedArea } from '../../../shared/records/definition';
import type { FileExport } from '../api/use-file-export';
import { ListFilters, type FilterTextsOf } from '../lists/list-filters';
import { listUrl, type UrlFiltersOf } from '../lists/list-url';
import { ServerGrid, type ServerGridColumn } from '../lists/server-grid';
import type { RowAction } from '../lists/row-menu';
import { useCsvExport } from '../lists/use-csv-export';
import { useListState, type ListState } from '../lists/use-list-state';
import { useRowSelection, type RowSelection } from '../lists/use-row-selection';
import { PageHeader } from '../ui/page-header';
import { recordPath } from './record-link';
import { useListQuery, type ListQuery, type RowOf } from './use-list-query';

/** The list of an area as its screen shows it. */
export interface ShownList<Listed extends ListedArea> {
  readonly definition: Listed;
  /** Its place in the URL. */
  readonly list: ListState<Listed['sortFields'][number], UrlFiltersOf<Listed>>;
  readonly query: ListQuery<Listed>;
  readonly selection: RowSelection<RowOf<Listed>>;
  readonly csv: FileExport<ShownList<Listed>['list']['input']>;
}

/** What the list of an area's records shows now, and what is selected in it. */
export function useShownList<const Listed extends ListedArea>(definition: Listed): ShownList<Listed> {
  const list = useListState(useMemo(() => listUrl(definition), [definition]));
  const query = useListQuery(definition, list.input as Parameters<typeof useListQuery<Listed>>[1]);
  // As with the list: the export takes what the definition names.
  const csv: unknown = useCsvExport(definition.area as 'users', 'exportCsv');
  const selection = useRowSelection(list, query.data, rowId);
  return { definition, list, query, csv: csv as ShownList<Listed>['csv'], selection };
}

const rowId = ({ id }: { readonly id: string }): string => id;

interface RecordListScreenProps<Listed extends ListedArea> {
  readonly shown: ShownList<Listed>;
  readonly columns: readonly ServerGridColumn<RowOf<Listed>>[];
  readonly filters: FilterTextsOf<Listed>;
  /** By default the area's description. */
  readonly description?: string;
  /** Beside the heading. */
  readonly actions?: ReactNode;
  /** How a row is spoken of: by its checkbox and its menu. */
  readonly rowName?: (row: RowOf<Listed>) => string;
  readonly rowActions?: (row: RowOf<Listed>) => readonly RowAction[];
  /** What can be done with all that is selected. Absent: the list has no checkboxes. */
  readonly bulkActions?: ReactNode;
}

/** The screen of an area: all of its records in a list. */
export function RecordListScreen<const Listed extends ListedArea>(
  props: RecordListScreenProps<Listed>,
): ReactElement {
  const { shown, columns, filters, description, actions, rowName, rowActions, bulkActions } = props;
  const { list, query, csv, selection } = shown;
  const { definition }: { definition: ListedArea } = shown;
  const { area, path } = definition;
  const { t } = useTranslation();
  const title = t(`app.navigation.${area}`);
  return (
    <>
      <PageHeader title={title} description={description ?? t(`${area}.description`)} actions={actions} />
      <ServerGrid
        name={path}
        label={title}
        list={list}
        query={query}
        columns={columns}
        rowId={rowId}
        rowPath={({ id }) => recordPath(path, id)}
        searchLabel={t(`${area}.search`)}
        onExport={() => csv.run(list.input)}
        isExporting={csv.busy}
        onCancelExport={csv.cancel}
        empty={{ title: t(`${area}.empty`), body: t(`${area}.emptyBody`) }}
        filters={<ListFilters definition={shown.definition} list={list} texts={filters} />}
        {...(rowName === undefined ? {} : { rowName })}
        {...(rowActions === undefined ? {} : { rowActions })}
        {...(bulkActions === undefined ? {} : { bulk: { selection, actions: bulkActions } })}
      />
    </>
  );
}
