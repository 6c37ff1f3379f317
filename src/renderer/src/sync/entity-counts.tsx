import { Table, TableBody, TableCell, TableContainer, TableHead, TableRow } from '@mui/material';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { SyncRun } from '../../../shared/contract/sync';
import { formatCount } from '../ui/format';
import { EntityStateChip } from './run-state';

const columns = ['read', 'created', 'updated', 'unchanged', 'homeless'] as const;

/** What a pull read and wrote, entity by entity in the order it reads them. */
export function EntityCounts({ entities }: { readonly entities: SyncRun['entities'] }): ReactElement {
  const { t } = useTranslation();
  return (
    <TableContainer tabIndex={0} role="group" aria-label={t('sync.counts.label')}>
      <Table size="small">
        <TableHead>
          <TableRow>
            <TableCell sx={{ pl: 0 }}>{t('sync.entity.title')}</TableCell>
            <TableCell>{t('sync.counts.state')}</TableCell>
            {columns.map((column) => (
              <TableCell key={column} align="right">
                {t(`sync.counts.${column}`)}
              </TableCell>
            ))}
          </TableRow>
        </TableHead>
        <TableBody>
          {entities.map((row) => (
            <TableRow key={row.entity}>
              <TableCell component="th" scope="row" sx={{ pl: 0 }}>
                {t(`sync.entity.${row.entity}`)}
              </TableCell>
              <TableCell>
                <EntityStateChip state={row.state} />
              </TableCell>
              {columns.map((column) => (
                <TableCell key={column} align="right">
                  {formatCount(row[column])}
                </TableCell>
              ))}
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </TableContainer>
  );
}
