import { Table, TableBody, TableCell, TableContainer, TableHead, TableRow } from '@mui/material';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Reconciliation } from '../../../shared/contract/health';
import { formatMonth } from '../ui/format';
import { Count, Tokens } from '../ui/values';
import { Compared } from './compared';
import { MonthState } from './month-state';

/** Per UTC month: what the log adds up to, and the document's summaries where they are another figure. */
export function SummariesTable({ months }: { readonly months: Reconciliation['summaries'] }): ReactElement {
  const { t } = useTranslation();
  return (
    <TableContainer
      tabIndex={0}
      role="region"
      aria-label={t('health.reconcile.summaries')}
      sx={{ maxHeight: 420 }}
    >
      <Table size="small" stickyHeader>
        <TableHead>
          <TableRow>
            <TableCell sx={{ pl: 2.5 }}>{t('health.reconcile.month')}</TableCell>
            <TableCell>{t('health.reconcile.state')}</TableCell>
            <TableCell align="right">{t('health.reconcile.requests')}</TableCell>
            <TableCell align="right" sx={{ pr: 2.5 }}>
              {t('health.reconcile.tokens')}
            </TableCell>
          </TableRow>
        </TableHead>
        <TableBody>
          {months.map(({ month, state, log, hours, days, months: whole }) => (
            <TableRow key={month}>
              <TableCell component="th" scope="row" sx={{ pl: 2.5 }}>
                {formatMonth(month)}
              </TableCell>
              <TableCell>
                <MonthState state={state} />
              </TableCell>
              {(['requests', 'tokens'] as const).map((figure) => (
                <TableCell key={figure} align="right" sx={figure === 'tokens' ? { pr: 2.5 } : {}}>
                  <Compared
                    log={log[figure]}
                    others={[
                      ...(hours === null
                        ? []
                        : [{ label: t('health.reconcile.hours'), value: hours[figure] }]),
                      { label: t('health.reconcile.daily'), value: days[figure] },
                      { label: t('health.reconcile.monthly'), value: whole[figure] },
                    ]}
                    isArchived={state === 'archived'}
                    show={(value) =>
                      figure === 'tokens' ? <Tokens value={value} /> : <Count value={value} />
                    }
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
