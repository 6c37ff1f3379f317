import {
  Alert,
  Button,
  Stack,
  Table,
  TableBody,
  TableCell,
  TableContainer,
  TableHead,
  TableRow,
  ToggleButton,
  ToggleButtonGroup,
} from '@mui/material';
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { AnswerOf, Contract } from '../../../shared/contract/index';
import { useProcedureCommand, useProcedureQuery } from '../api/use-procedure';
import { formatBytes, formatCount, formatList, formatMonth } from '../ui/format';
import { notify } from '../ui/notifications';
import { Section } from '../ui/section';
import { EmptyState, ErrorState, LoadingLines } from '../ui/states';
import { StatusChip } from '../ui/status-chip';
import { NotRecorded } from '../ui/values';

type Partition = AnswerOf<Contract['database']['partitions']>['partitions'][number];

/** The usage log's monthly tables, which months lack one, and creating them. */
export function PartitionsSection({ canWrite }: { readonly canWrite: boolean }): ReactElement {
  const { t, i18n } = useTranslation();
  const query = useProcedureQuery('database', 'partitions', {});
  const create = useProcedureCommand('database', 'createPartitions');
  const [showsAll, setShowsAll] = useState(false);
  const { data } = query;
  const partitions = data?.partitions ?? [];
  const shown = showsAll ? partitions : filledOnes(partitions);
  const run = (): void =>
    create.mutate(
      {},
      {
        onSuccess: ({ created }) =>
          notify(
            'success',
            created.length === 0
              ? t('database.partitions.nothingToCreate')
              : t('database.partitions.created', {
                  count: created.length,
                  formatted: formatCount(created.length),
                }),
          ),
      },
    );
  return (
    <Section
      title={t('database.partitions.title')}
      description={t('database.partitions.description')}
      flush
      actions={
        <ToggleButtonGroup
          exclusive
          size="small"
          value={showsAll}
          aria-label={t('database.partitions.which')}
          onChange={(_event, next: boolean | null) => {
            if (next !== null) setShowsAll(next);
          }}
        >
          <ToggleButton value={false} sx={{ py: 0.5 }}>
            {t('database.partitions.onlyFilled')}
          </ToggleButton>
          <ToggleButton value={true} sx={{ py: 0.5 }}>
            {t('database.partitions.all')}
          </ToggleButton>
        </ToggleButtonGroup>
      }
    >
      <Stack sx={{ gap: 1.5, px: 2.5, pb: 1 }}>
        {query.error !== null && data === undefined && (
          <ErrorState error={query.error} onRetry={() => void query.refetch()} />
        )}
        {query.isPending && <LoadingLines lines={3} />}
        {data !== undefined && data.missingMonths.length > 0 && (
          <Alert
            severity="warning"
            action={
              canWrite && (
                <Button color="inherit" size="small" onClick={run} loading={create.isPending}>
                  {t('database.partitions.create')}
                </Button>
              )
            }
          >
            {t('database.partitions.missing', {
              count: data.missingMonths.length,
              formatted: formatCount(data.missingMonths.length),
              months: formatList(
                data.missingMonths.map((month) => formatMonth(month)),
                i18n.language,
              ),
            })}
          </Alert>
        )}
        {data !== undefined && data.rowsInDefault !== '0' && (
          <Alert severity="warning">
            {t('database.partitions.inDefault', {
              count: Number(data.rowsInDefault),
              formatted: formatCount(data.rowsInDefault),
            })}
          </Alert>
        )}
        {create.error !== null && <ErrorState error={create.error} />}
      </Stack>
      {data !== undefined &&
        (shown.length === 0 ? (
          <EmptyState title={t('database.partitions.noneFilled')} />
        ) : (
          <PartitionsTable partitions={shown} />
        ))}
    </Section>
  );
}

function PartitionsTable({ partitions }: { readonly partitions: readonly Partition[] }): ReactElement {
  const { t } = useTranslation();
  return (
    <TableContainer
      tabIndex={0}
      role="region"
      aria-label={t('database.partitions.tableLabel')}
      sx={{ maxHeight: 380 }}
    >
      <Table size="small" stickyHeader>
        <TableHead>
          <TableRow>
            <TableCell sx={{ pl: 2.5 }}>{t('database.partitions.months')}</TableCell>
            <TableCell>{t('database.partitions.name')}</TableCell>
            <TableCell align="right">{t('database.partitions.rows')}</TableCell>
            <TableCell align="right" sx={{ pr: 2.5 }}>
              {t('database.partitions.size')}
            </TableCell>
          </TableRow>
        </TableHead>
        <TableBody>
          {partitions.map((partition) => (
            <TableRow key={partition.name}>
              <TableCell sx={{ pl: 2.5 }}>
                {partition.isDefault ? (
                  <StatusChip tone="neutral" label={t('database.partitions.isDefault')} />
                ) : partition.from === null ? (
                  <NotRecorded />
                ) : (
                  formatMonth(partition.from)
                )}
              </TableCell>
              <TableCell component="th" scope="row">
                <code>{partition.name}</code>
              </TableCell>
              <TableCell align="right">
                {partition.estimatedRows === '0' ? (
                  <NotRecorded label={t('database.partitions.notEstimated')} />
                ) : (
                  formatCount(partition.estimatedRows)
                )}
              </TableCell>
              <TableCell align="right" sx={{ pr: 2.5 }}>
                {formatBytes(partition.sizeBytes)}
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </TableContainer>
  );
}

/** Partitions that hold rows: by PostgreSQL's estimate, or by being larger than an empty one (not analysed yet). */
function filledOnes(partitions: readonly Partition[]): readonly Partition[] {
  const emptySizeBytes = Math.min(...partitions.map(({ sizeBytes }) => Number(sizeBytes)));
  return partitions.filter(
    ({ estimatedRows, sizeBytes }) => Number(estimatedRows) > 0 || Number(sizeBytes) > emptySizeBytes,
  );
}
