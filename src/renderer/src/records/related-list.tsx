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
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Link as RouterLink } from 'react-router';
import type { ApiError } from '../api/api-error';
import { formatCount } from '../ui/format';
import { Section } from '../ui/section';
import type { ServerGridColumn } from '../lists/server-grid';
import { EmptyState, ErrorState, LoadingLines } from '../ui/states';

interface RelatedListProps<Row> {
  readonly title: string;
  readonly query: UseQueryResult<{ rows: Row[]; total: number; totalIsExact: boolean }, ApiError>;
  /** The columns of the records' own list that say something here. */
  readonly columns: readonly ServerGridColumn<Row>[];
  readonly rowId: (row: Row) => string;
  readonly page: number;
  readonly pageSize: number;
  readonly onPage: (page: number) => void;
  /** The records' own list, narrowed to these. */
  readonly allPath: string;
  readonly emptyText: string;
}

/** The records that belong to the one on this page: a few at a time, paged by PostgreSQL, each with its link. */
export function RelatedList<Row>(props: RelatedListProps<Row>): ReactElement {
  const { title, query, columns, rowId, page, pageSize, onPage, allPath, emptyText } = props;
  const { t } = useTranslation();
  const { data } = query;
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
          <RelatedTable title={title} columns={columns} rows={data.rows} rowId={rowId} />
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
              onPageChange={(_event, next) => onPage(next)}
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
  readonly rowId: (row: Row) => string;
}

function RelatedTable<Row>({ title, columns, rows, rowId }: RelatedTableProps<Row>): ReactElement {
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
            <TableRow key={rowId(row)}>
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
