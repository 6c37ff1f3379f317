import { Table, TableBody, TableCell, TableContainer, TableHead, TableRow } from '@mui/material';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { ModelPrice as PriceRecord } from '../../../shared/contract/models';
import { NameText } from '../ui/name-text';
import { Section } from '../ui/section';
import { EmptyState } from '../ui/states';
import { StatusChip } from '../ui/status-chip';
import { Instant } from '../ui/values';
import { ModelPrice } from './model-price';

const shownPrices = 100;

/** What a model cost when: a request is priced by the row that was valid at its time. */
export function PriceHistory({ prices }: { readonly prices: readonly PriceRecord[] }): ReactElement {
  const { t } = useTranslation();
  const now = new Date().toISOString();
  const current = prices.find(({ validFrom }) => validFrom <= now);
  return (
    <Section
      title={t('models.page.history')}
      description={prices.length === shownPrices ? t('models.page.historyMore') : undefined}
      flush
    >
      {prices.length === 0 ? (
        <EmptyState title={t('models.page.historyNone')} />
      ) : (
        <TableContainer
          tabIndex={0}
          role="group"
          aria-label={t('models.page.history')}
          sx={{ maxHeight: 340 }}
        >
          <Table size="small" stickyHeader aria-label={t('models.page.history')}>
            <TableHead>
              <TableRow>
                <TableCell sx={{ pl: 2.5 }}>{t('models.page.validFrom')}</TableCell>
                <TableCell align="right">{t('models.page.input')}</TableCell>
                <TableCell align="right">{t('models.page.output')}</TableCell>
                <TableCell sx={{ pr: 2.5 }}>{t('models.page.source')}</TableCell>
              </TableRow>
            </TableHead>
            <TableBody>
              {prices.map((price) => (
                <TableRow key={price.validFrom} sx={{ '&:last-child > td': { borderBottom: 0 } }}>
                  <TableCell sx={{ pl: 2.5, whiteSpace: 'nowrap' }}>
                    <Instant value={price.validFrom} />{' '}
                    {price === current && <StatusChip tone="success" label={t('models.page.now')} />}
                    {price.validFrom > now && <StatusChip tone="info" label={t('models.page.later')} />}
                  </TableCell>
                  <TableCell align="right" className="tabular">
                    <ModelPrice price={price.inputPricePerToken} per="token" currency={price.currency} />
                  </TableCell>
                  <TableCell align="right" className="tabular">
                    <ModelPrice price={price.outputPricePerToken} per="token" currency={price.currency} />
                  </TableCell>
                  <TableCell sx={{ pr: 2.5 }}>
                    <NameText>{price.source}</NameText>
                  </TableCell>
                </TableRow>
              ))}
            </TableBody>
          </Table>
        </TableContainer>
      )}
    </Section>
  );
}
