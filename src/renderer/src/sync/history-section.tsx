import KeyboardArrowDownIcon from '@mui/icons-material/KeyboardArrowDown';
import {
  Box,
  Collapse,
  IconButton,
  Table,
  TableBody,
  TableCell,
  TableContainer,
  TableHead,
  TablePagination,
  TableRow,
} from '@mui/material';
import { Fragment, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { SyncRun } from '../../../shared/contract/sync';
import { useProcedureQuery } from '../api/use-procedure';
import { ExportButton } from '../lists/export-button';
import { formatCount, formatDuration, formatInstant, toDate } from '../ui/format';
import { Section } from '../ui/section';
import { EmptyState, ErrorState, LoadingLines } from '../ui/states';
import { useCsvExport } from '../lists/use-csv-export';
import { Instant, NotRecorded } from '../ui/values';
import { VisuallyHidden } from '../ui/visually-hidden';
import { EntityCounts } from './entity-counts';
import { RunStateChip } from './run-state';

const pageSize = 10;

/** Every pull, the newest first; each opens to what it read and wrote. */
export function HistorySection(): ReactElement {
  const { t } = useTranslation();
  const [page, setPage] = useState(0);
  const query = useProcedureQuery('sync', 'history', { page, pageSize, filters: {} }, { keepPrevious: true });
  const csv = useCsvExport('sync', 'exportHistoryCsv');
  return (
    <Section
      title={t('sync.history.title')}
      flush
      actions={
        query.data !== undefined &&
        query.data.rows.length > 0 && (
          <ExportButton
            onExport={() => csv.run({ filters: {} })}
            isExporting={csv.busy}
            onCancel={csv.cancel}
          />
        )
      }
    >
      {query.error !== null && query.data === undefined ? (
        <Box sx={{ px: 2.5, pb: 2 }}>
          <ErrorState error={query.error} onRetry={() => void query.refetch()} />
        </Box>
      ) : query.data === undefined ? (
        <Box sx={{ px: 2.5, pb: 2 }}>
          <LoadingLines />
        </Box>
      ) : query.data.rows.length === 0 ? (
        <EmptyState title={t('sync.history.empty')} />
      ) : (
        <>
          <TableContainer tabIndex={0} role="group" aria-label={t('sync.history.title')}>
            <Table
              size="small"
              aria-label={t('sync.history.title')}
              // Below the last run stands the section's own edge; the row of its details comes after it.
              sx={{ '& tbody > tr:nth-last-of-type(2) > td': { borderBottom: 0 } }}
            >
              <TableHead>
                <TableRow>
                  <TableCell sx={{ width: 48 }}>
                    <VisuallyHidden>{t('sync.history.detailsColumn')}</VisuallyHidden>
                  </TableCell>
                  <TableCell>{t('sync.history.started')}</TableCell>
                  <TableCell>{t('sync.history.state')}</TableCell>
                  <TableCell align="right">{t('sync.history.took')}</TableCell>
                  <TableCell>{t('sync.history.written')}</TableCell>
                  <TableCell>{t('sync.history.error')}</TableCell>
                </TableRow>
              </TableHead>
              <TableBody>
                {query.data.rows.map((run) => (
                  <RunRow key={run.id} run={run} />
                ))}
              </TableBody>
            </Table>
          </TableContainer>
          {query.data.total > pageSize && (
            <TablePagination
              component="div"
              count={query.data.total}
              page={page}
              rowsPerPage={pageSize}
              rowsPerPageOptions={[pageSize]}
              onPageChange={(_event, next) => setPage(next)}
              labelDisplayedRows={({ from, to, count }) =>
                t('common.list.range', {
                  from: formatCount(from),
                  to: formatCount(to),
                  total: formatCount(count),
                })
              }
            />
          )}
        </>
      )}
    </Section>
  );
}

function RunRow({ run }: { readonly run: SyncRun }): ReactElement {
  const { t } = useTranslation();
  const [isOpen, setIsOpen] = useState(false);
  const started = toDate(run.startedAt);
  const finished = run.finishedAt === null ? null : toDate(run.finishedAt);
  const sum = (column: 'created' | 'updated'): string =>
    formatCount(run.entities.reduce((total, entity) => total + entity[column], 0));
  return (
    <Fragment>
      <TableRow>
        <TableCell sx={{ pr: 0 }}>
          <IconButton
            size="small"
            aria-expanded={isOpen}
            aria-label={t('sync.history.details', { moment: formatInstant(run.startedAt) })}
            onClick={() => setIsOpen(!isOpen)}
          >
            <KeyboardArrowDownIcon fontSize="small" sx={{ transform: isOpen ? 'rotate(180deg)' : 'none' }} />
          </IconButton>
        </TableCell>
        <TableCell>
          <Instant value={run.startedAt} />
        </TableCell>
        <TableCell>
          <RunStateChip state={run.state} />
        </TableCell>
        <TableCell align="right">
          {started === null || finished === null ? (
            <NotRecorded />
          ) : (
            formatDuration(finished.getTime() - started.getTime())
          )}
        </TableCell>
        <TableCell>
          {t('sync.history.writtenCounts', { created: sum('created'), updated: sum('updated') })}
        </TableCell>
        <TableCell sx={{ overflowWrap: 'anywhere' }}>{run.error ?? ''}</TableCell>
      </TableRow>
      <TableRow>
        <TableCell colSpan={6} sx={{ py: 0, borderBottom: isOpen ? undefined : 0 }}>
          <Collapse in={isOpen} unmountOnExit>
            <Box sx={{ py: 1.5, pl: 6 }}>
              <EntityCounts entities={run.entities} />
            </Box>
          </Collapse>
        </TableCell>
      </TableRow>
    </Fragment>
  );
}
