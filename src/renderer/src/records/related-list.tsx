import {
  Box,
  Button,
  Table,
  TableBody,
  TableCell,
  TableContainer,
  TableHead,
  TablePagination,
  TableRow,
} from '@mui/material';
import { useMemo, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Link as RouterLink } from 'react-router';
import type { FilterValuesOf, ListedArea } from '../../../shared/records/definition';
import { formatCount } from '../ui/format';
import { Section } from '../ui/section';
import { defineList } from '../lists/list-url';
import type { ServerGridColumn } from '../lists/server-grid';
import { useListState } from '../lists/use-list-state';
import { EmptyState, ErrorState, LoadingLines } from '../ui/states';
import { useListQuery, type RowOf } from './use-list-query';

const pageSize = 5;

interface RelatedListProps<Listed extends ListedArea> {
  readonly title: string;
  /** What is listed. */
  readonly definition: Listed;
  /** Put before the page's own parameters in the address: `keys.` */
  readonly prefix: string;
  /** Which belong to the record: filters of their list. */
  readonly of: Partial<FilterValuesOf<Listed>>;
  /** The columns of the records' own list that say something here. */
  readonly columns: readonly ServerGridColumn<RowOf<Listed>>[];
  readonly emptyText: string;
}

/** The records that belong to the one on this page: a few at a time, paged by PostgreSQL, each with its link. */
export function RelatedList<Listed extends ListedArea>(props: RelatedListProps<Listed>): ReactElement {
  const { title, definition, prefix, of, columns, emptyText } = props;
  const { t } = useTranslation();
  const list = useListState(
    useMemo(() => defineList({ sortFields: [], filters: {}, prefix, pageSize }), [prefix]),
  );
  const { page } = list.input;
  const query = useListQuery(definition, { page, pageSize, search: '', filters: of });
  const { data } = query;
  const { path }: ListedArea = definition;
  const allOf = Object.entries(of).map(([name, value]) => [name, String(value)]);
  const allPath = `/${path}?${new URLSearchParams(allOf).toString()}`;
  return (
    <Section
      title={title}
      flush
      actions={
        data !== undefined &&
        data.total > 0 && (
          <Button size="small" component={RouterLink} to={allPath}>
            {t('records.showAll')}
          </Button>
        )
      }
    >
      {query.error !== null && data === undefined ? (
        <Box sx={{ px: 2.5, pb: 2 }}>
          <ErrorState error={query.error} onRetry={() => void query.refetch()} />
        </Box>
      ) : data === undefined ? (
        <Box sx={{ px: 2.5, pb: 2 }}>
          <LoadingLines />
        </Box>
      ) : data.rows.length === 0 && page === 0 ? (
        <EmptyState title={emptyText} />
      ) : (
        <>
          <RelatedTable title={title} columns={columns} rows={data.rows} />
          {(data.total > pageSize || page > 0) && (
            <TablePagination
              component="div"
              count={data.totalIsExact ? data.total : -1}
              // An edited address may name a page that is not there.
              page={
                data.totalIsExact ? Math.min(page, Math.floor(Math.max(0, data.total - 1) / pageSize)) : page
              }
              rowsPerPage={pageSize}
              rowsPerPageOptions={[pageSize]}
              getItemAriaLabel={(which) => t(`records.page.${which}`)}
              onPageChange={(_event, next) => list.setPage(next, pageSize)}
              labelDisplayedRows={({ from, to, count }) =>
                t(count === -1 ? 'common.list.rangeMore' : 'common.list.range', {
                  from: formatCount(from),
                  to: formatCount(to),
                  total: formatCount(data.total),
                })
              }
            />
          )}
        </>
      )}
    </Section>
  );
}

interface RelatedTableProps<Row> {
  readonly title: string;
  readonly columns: readonly ServerGridColumn<Row>[];
  readonly rows: readonly Row[];
}

function RelatedTable<Row extends { readonly id: string }>({
  title,
  columns,
  rows,
}: RelatedTableProps<Row>): ReactElement {
  return (
    <TableContainer tabIndex={0} role="group" aria-label={title}>
      <Table
        size="small"
        aria-label={title}
        sx={{
          '& tr > :first-of-type': { pl: 2.5 },
          '& tr > :last-child': { pr: 2.5 },
          '& tbody tr:last-child > td': { borderBottom: 0 },
        }}
      >
        <TableHead>
          <TableRow>
            {columns.map(({ field, header, align = 'left' }) => (
              <TableCell key={field} align={align}>
                {header}
              </TableCell>
            ))}
          </TableRow>
        </TableHead>
        <TableBody>
          {rows.map((row) => (
            <TableRow key={row.id}>
              {columns.map(({ field, align = 'left', width, minWidth, render }) => (
                <TableCell key={field} align={align} sx={{ maxWidth: 300, minWidth: width ?? minWidth }}>
                  {render(row)}
                </TableCell>
              ))}
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </TableContainer>
  );
}
