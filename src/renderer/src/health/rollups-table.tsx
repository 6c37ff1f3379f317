import { Table, TableBody, TableCell, TableContainer, TableHead, TableRow } from '@mui/material';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Reconciliation } from '../../../shared/contract/health';
import { formatMonth } from '../ui/format';
import { Count, Money, Tokens } from '../ui/values';
import { Compared } from './compared';
import { MonthState } from './month-state';

interface RollupsTableProps {
  readonly months: Reconciliation['months'];
  readonly label: string;
}

/** Per month: what the log adds up to, and beside it a rollup's figure where it is another one. */
export function RollupsTable({ months, label }: RollupsTableProps): ReactElement {
  const { t } = useTranslation();
  return (
    <TableContainer tabIndex={0} role="region" aria-label={label} sx={{ maxHeight: 420 }}>
      <Table size="small" stickyHeader>
        <TableHead>
          <TableRow>
            <TableCell sx={{ pl: 2.5 }}>{t('health.reconcile.month')}</TableCell>
            <TableCell>{t('health.reconcile.state')}</TableCell>
            <TableCell align="right">{t('health.reconcile.requests')}</TableCell>
            <TableCell align="right">{t('health.reconcile.tokens')}</TableCell>
            <TableCell align="right" sx={{ pr: 2.5 }}>
              {t('health.reconcile.cost')}
            </TableCell>
          </TableRow>
        </TableHead>
        <TableBody>
          {months.map(({ month, state, log, daily, monthly }) => (
            <TableRow key={month}>
              <TableCell component="th" scope="row" sx={{ pl: 2.5 }}>
                {formatMonth(month)}
              </TableCell>
              <TableCell>
                <MonthState state={state} />
              </TableCell>
              {(['requests', 'tokens', 'cost'] as const).map((figure) => (
                <TableCell key={figure} align="right" sx={figure === 'cost' ? { pr: 2.5 } : {}}>
                  <Compared
                    log={log[figure]}
                    others={[
                      { label: t('health.reconcile.daily'), value: daily[figure] },
                      { label: t('health.reconcile.monthly'), value: monthly[figure] },
                    ]}
                    isArchived={state === 'archived'}
                    show={(value) => show(figure, value)}
                  />
                </TableCell>
              ))}
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </TableContainer>
  );
}

function show(figure: 'requests' | 'tokens' | 'cost', value: string): ReactElement {
  if (figure === 'cost') return <Money value={value} />;
  return figure === 'tokens' ? <Tokens value={value} /> : <Count value={value} />;
}
