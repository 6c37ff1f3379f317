import NextIcon from '@mui/icons-material/ChevronRight';
import PreviousIcon from '@mui/icons-material/ChevronLeft';
import { Alert, Box, IconButton, Stack, Typography } from '@mui/material';
import { useCallback, useMemo, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { AnswerOf, Contract } from '../../../shared/contract/index';
import { ExportButton } from '../lists/export-button';
import { formatCount } from '../ui/format';
import { EmptyState } from '../ui/states';
import { useCsvExport } from '../lists/use-csv-export';
import { ValueDrawer, type ShownValue } from '../lists/value-drawer';
import { ValueGrid } from '../lists/value-grid';
import { valueWidths } from '../lists/value-widths';
import { AnswerPanel } from './answer-panel';
import type { Asked } from './asked';

export type Result = AnswerOf<Contract['sql']['run']>;

interface ResultPanelProps {
  readonly result: Result;
  /** That gave it: the export runs it again. */
  readonly asked: Asked;
}

/** As many as the grid shows at once. */
const pageSize = 100;
/** The first rows say how wide the columns are. */
const measuredRows = 50;

/** The rows of a statement, to look at. Their order is the statement's. */
export function ResultPanel({ result, asked }: ResultPanelProps): ReactElement {
  const { t } = useTranslation();
  const csv = useCsvExport('sql', 'exportCsv');
  const { statement, schemas, confirmed } = asked;
  const { columns, rows, capped, elapsedMs, notices } = result;
  const count = rows.length;
  const summary = capped
    ? t('sql.result.capped', { formatted: formatCount(count) })
    : t('sql.result.rows', { count, formatted: formatCount(count) });
  return (
    <AnswerPanel
      label={t('sql.result.title')}
      summary={summary}
      elapsedMs={elapsedMs}
      actions={
        columns.length > 0 && (
          <ExportButton
            label={t('sql.exportCsv')}
            hint={t('sql.exportHint')}
            onExport={() => csv.run({ statement, schemas: [...schemas], confirmed: [...confirmed] })}
            isExporting={csv.busy}
            onCancel={csv.cancel}
          />
        )
      }
    >
      {notices.length > 0 && <Notices notices={notices} />}
      {columns.length === 0 ? (
        <EmptyState title={t('sql.result.noColumns')} />
      ) : count === 0 ? (
        <>
          <EmptyState title={t('sql.result.noRows')} body={t('sql.result.noRowsBody')} />
          <ColumnNames columns={columns} />
        </>
      ) : (
        // A further result begins at its first row.
        <Rows key={`${statement} ${elapsedMs}`} columns={columns} rows={rows} />
      )}
    </AnswerPanel>
  );
}

/** What the server said beside the rows. */
function Notices({ notices }: { readonly notices: readonly string[] }): ReactElement {
  const { t } = useTranslation();
  return (
    <Alert severity="info" sx={{ borderRadius: 0 }} aria-label={t('sql.result.notices')}>
      {notices.map((notice, at) => (
        <Box key={`${at} ${notice}`} sx={{ overflowWrap: 'anywhere', whiteSpace: 'pre-line' }} dir="auto">
          {notice}
        </Box>
      ))}
    </Alert>
  );
}

/** Without rows the columns still say what the statement would answer. */
function ColumnNames({ columns }: { readonly columns: Result['columns'] }): ReactElement {
  return (
    <Typography
      variant="caption"
      component="p"
      sx={{ px: 2, pb: 2, textAlign: 'center', color: 'text.secondary', overflowWrap: 'anywhere' }}
    >
      {columns.map(({ name }, at) => (
        <bdi key={`${at} ${name}`} style={{ marginInline: 6 }}>
          {name}
        </bdi>
      ))}
    </Typography>
  );
}

function Rows({ columns, rows }: Pick<Result, 'columns' | 'rows'>): ReactElement {
  const { t } = useTranslation();
  const [page, setPage] = useState(0);
  const [shown, setShown] = useState<ShownValue | null>(null);
  const onPage = useMemo(() => rows.slice(page * pageSize, (page + 1) * pageSize), [rows, page]);
  const widths = useMemo(() => valueWidths(columns, rows.slice(0, measuredRows)), [columns, rows]);
  const open = useCallback(
    (row: number, at: number) => {
      const cell = onPage[row]?.[at];
      const column = columns[at];
      if (cell === undefined || column === undefined) return;
      setShown({
        column: column.name,
        type: column.type,
        cell,
        bytes: cell.bytes,
        cutBecause: t('sql.result.cutBody'),
      });
    },
    [onPage, columns, t],
  );
  return (
    <>
      <ValueGrid
        key={page}
        label={t('sql.result.label')}
        columns={columns}
        rows={onPage}
        widths={widths}
        onOpen={open}
      />
      {rows.length > pageSize && <Pager page={page} total={rows.length} onPage={setPage} />}
      <ValueDrawer shown={shown} onClose={() => setShown(null)} />
    </>
  );
}

interface PagerProps {
  readonly page: number;
  readonly total: number;
  readonly onPage: (page: number) => void;
}

function Pager({ page, total, onPage }: PagerProps): ReactElement {
  const { t } = useTranslation();
  const to = Math.min(total, (page + 1) * pageSize);
  return (
    <Stack
      direction="row"
      sx={({ vars }) => ({
        px: 1.5,
        py: 0.5,
        gap: 1,
        alignItems: 'center',
        justifyContent: 'flex-end',
        borderTop: `1px solid ${vars?.palette.divider}`,
      })}
    >
      <Typography variant="body2" role="status">
        {t('common.list.range', {
          from: formatCount(page * pageSize + 1),
          to: formatCount(to),
          total: formatCount(total),
        })}
      </Typography>
      <IconButton
        size="small"
        aria-label={t('sql.result.previousPage')}
        disabled={page === 0}
        onClick={() => onPage(page - 1)}
      >
        <PreviousIcon fontSize="small" />
      </IconButton>
      <IconButton
        size="small"
        aria-label={t('sql.result.nextPage')}
        disabled={to === total}
        onClick={() => onPage(page + 1)}
      >
        <NextIcon fontSize="small" />
      </IconButton>
    </Stack>
  );
}
