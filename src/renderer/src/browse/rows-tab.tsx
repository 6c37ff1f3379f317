import { Alert, Box } from '@mui/material';
import { useCallback, useEffect, useMemo, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation, useSearchParams } from 'react-router';
import { useProcedureQuery } from '../api/use-procedure';
import { EmptyState, ErrorState, LoadingLines } from '../ui/states';
import { readHiddenColumns, storeHiddenColumns } from '../lists/stored-columns';
import { useCsvExport } from '../lists/use-csv-export';
import { ValueGrid, type ValueGridColumn } from '../lists/value-grid';
import { valueWidths } from '../lists/value-widths';
import { CellDrawer, type OpenedCell } from './cell-drawer';
import { foreignKeyLinks } from './foreign-key-links';
import type { Relation } from './relation-screen';
import { RowsPager } from './rows-pager';
import { RowsToolbar } from './rows-toolbar';
import { readRowsUrl, writeRowsUrl, type RowsUrl } from '../records/rows-url';

/** Where a page of rows begins. In the history's entry and not in the address: a cursor holds values of a key. */
interface RowsPlace {
  readonly after?: string;
  readonly before?: string;
  readonly last?: true;
}

/** What the history's entry keeps. */
interface RowsState {
  readonly rowsPlace?: RowsPlace;
  /** True on the first page that took the place of one whose cursor nobody can read any more. */
  readonly wasExpired?: true;
}

/** The rows of a relation: filtered, sorted and paged by PostgreSQL. */
export function RowsTab({ relation }: { readonly relation: Relation }): ReactElement {
  const { t } = useTranslation();
  return relation.readable ? (
    <Rows relation={relation} />
  ) : (
    <EmptyState title={t('browse.relation.denied')} body={t('browse.relation.deniedBody')} />
  );
}

function Rows({ relation }: { readonly relation: Relation }): ReactElement {
  const { t } = useTranslation();
  const { url, place, wasExpired, change, goTo, startOver } = useRowsAddress();
  const rowsInput = {
    schema: relation.schema,
    relation: relation.name,
    filters: [...url.filters],
    ...(url.sort === null ? {} : { sort: url.sort }),
  };
  const query = useProcedureQuery(
    'browse',
    'rows',
    { ...rowsInput, pageSize: url.pageSize, ...place },
    { keepPrevious: true },
  );
  const csv = useCsvExport('browse', 'exportCsv');
  const { data, error } = query;
  const columns = useRowColumns(relation, data?.columns);
  const rows = useMemo(() => data?.rows.map(({ cells }) => cells) ?? [], [data]);
  const widths = useFirstWidths(columns, rows, data !== undefined);
  const [hiddenNames, toggleHidden] = useHiddenColumns(relation);
  const hidden = useMemo(
    () => new Set(columns.flatMap(({ name }, at) => (hiddenNames.has(name) ? [at] : []))),
    [columns, hiddenNames],
  );
  const [opened, setOpened] = useState<OpenedCell | null>(null);
  const open = useCallback(
    (row: number, at: number) => {
      const cell = data?.rows[row]?.cells[at];
      const column = data?.columns[at];
      if (cell !== undefined && column !== undefined)
        setOpened({ cell, column, key: data?.rows[row]?.key ?? null });
    },
    [data],
  );
  const isExpired = error?.details['cursor'] === 'expired';
  useEffect(() => {
    if (isExpired) startOver();
  }, [isExpired, startOver]);
  const isFirstPage = Object.keys(place).length === 0;
  return (
    <>
      <RowsToolbar
        relation={relation}
        url={url}
        onChange={change}
        hidden={hiddenNames}
        onToggleColumns={toggleHidden}
        onExport={() => csv.run(rowsInput)}
        isExporting={csv.busy}
        onCancelExport={csv.cancel}
        isRefreshing={query.isFetching}
        onRefresh={() => void query.refetch()}
      />
      {wasExpired && (
        <Alert severity="info" sx={{ m: 2 }}>
          {t('browse.rows.expired')}
        </Alert>
      )}
      {error !== null &&
      !isExpired &&
      (data === undefined || query.isPlaceholderData || !query.isFetching) ? (
        <Box sx={{ p: 2 }}>
          <ErrorState error={error} title={t('browse.rows.failed')} onRetry={() => void query.refetch()} />
        </Box>
      ) : data === undefined ? (
        <Box sx={{ px: 2, py: 1.5 }}>
          <LoadingLines lines={12} />
        </Box>
      ) : columns.length === 0 ? (
        <EmptyState title={t('browse.rows.noColumns')} />
      ) : (
        <>
          {data.rows.length > 0 ? (
            <ValueGrid
              label={t('browse.rows.label', { name: relation.name })}
              columns={columns}
              rows={rows}
              widths={widths}
              hidden={hidden}
              sort={url.sort}
              onSort={(sort) => change({ sort })}
              isLoading={query.isPlaceholderData}
              onOpen={open}
            />
          ) : !isFirstPage ? (
            <EmptyState title={t('browse.rows.endReached')} body={t('browse.rows.endReachedBody')} />
          ) : url.filters.length > 0 ? (
            <EmptyState title={t('browse.rows.noMatch')} body={t('browse.rows.noMatchBody')} />
          ) : (
            <EmptyState title={t('browse.rows.empty')} />
          )}
          <RowsPager
            key={JSON.stringify(rowsInput)}
            input={rowsInput}
            page={data}
            isPreviousPage={query.isPlaceholderData}
            isFirstPage={isFirstPage}
            pageSize={url.pageSize}
            onPageSize={(pageSize) => change({ pageSize })}
            onFirst={() => goTo({})}
            onPrevious={() => goTo(data.previous === null ? {} : { before: data.previous })}
            onNext={() => data.next !== null && goTo({ after: data.next })}
            onLast={() => goTo({ last: true })}
          />
        </>
      )}
      <CellDrawer relation={relation} opened={opened} onClose={() => setOpened(null)} />
    </>
  );
}

/** Filters and order from the address, the page from the entry in the history: all of it is kept over a reload. */
function useRowsAddress(): {
  url: RowsUrl;
  place: RowsPlace;
  wasExpired: boolean;
  change: (changes: Partial<RowsUrl>) => void;
  goTo: (place: RowsPlace) => void;
  startOver: () => void;
} {
  const [params, setParams] = useSearchParams();
  const location = useLocation();
  const text = params.toString();
  const url = useMemo(() => readRowsUrl(new URLSearchParams(text)), [text]);
  const state = location.state as RowsState | null;
  const startOver = useCallback(() => {
    const first: RowsState = { rowsPlace: {}, wasExpired: true };
    setParams((current) => current, { replace: true, state: first });
  }, [setParams]);
  return {
    url,
    place: state?.rowsPlace ?? {},
    wasExpired: state?.wasExpired === true,
    startOver,
    change: (changes) => setParams((current) => writeRowsUrl(current, changes), { replace: true }),
    goTo: (rowsPlace) => setParams((current) => current, { replace: true, state: { rowsPlace } }),
  };
}

function useRowColumns(
  relation: Relation,
  answered: readonly { name: string; type: string; numeric: boolean }[] | undefined,
): readonly ValueGridColumn[] {
  const { t } = useTranslation();
  return useMemo(() => {
    const links = foreignKeyLinks(relation.foreignKeys, (name) =>
      t('browse.rows.followKey', { relation: name }),
    );
    const known = new Map(relation.columns.map((column) => [column.name, column]));
    return (answered ?? []).map((column) => ({
      ...column,
      isKey: known.get(column.name)?.keyPosition !== null && known.has(column.name),
      isSecret: known.get(column.name)?.secret === true,
      isSortable: known.get(column.name)?.secret !== true,
      link: links.get(column.name),
    }));
  }, [relation, answered, t]);
}

/** Widths stay those of the first page that was read: columns must not jump while a person pages. */
function useFirstWidths(
  columns: readonly ValueGridColumn[],
  rows: Parameters<typeof valueWidths>[1],
  isRead: boolean,
): readonly number[] {
  const [first, setFirst] = useState<readonly number[] | null>(null);
  if (first !== null && first.length === columns.length) return first;
  const widths = valueWidths(columns, rows);
  if (isRead && rows.length > 0) setFirst(widths);
  return widths;
}

function useHiddenColumns(relation: Relation): [ReadonlySet<string>, (names: ReadonlySet<string>) => void] {
  const name = `browse.${JSON.stringify([relation.schema, relation.name])}`;
  const [hidden, setHidden] = useState<ReadonlySet<string>>(() => readHiddenColumns(name) ?? new Set());
  return [
    hidden,
    (next) => {
      setHidden(next);
      storeHiddenColumns(name, next);
    },
  ];
}
