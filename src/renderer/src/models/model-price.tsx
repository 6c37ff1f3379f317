import { Box } from '@mui/material';
import type { ReactElement, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { isDecimal, shiftDecimal } from '../../../shared/decimal';
import { formatExact, formatMoneyExact } from '../ui/format';
import { NameText } from '../ui/name-text';
import { NotRecorded } from '../ui/values';

interface ModelPriceProps {
  /** Exact decimal text; null is unknown. */
  readonly price: string | null;
  /** What it is for: tokens. */
  readonly per: 'token' | 'thousand';
  readonly currency?: string;
}

/** A price as it is stored and, above it, per million tokens, as people compare it; both with every digit. */
export function ModelPrice({ price, per, currency = 'USD' }: ModelPriceProps): ReactNode {
  const { t } = useTranslation();
  if (price === null) return <NotRecorded label={t('models.price.unknown')} />;
  if (!isDecimal(price)) return price;
  if (Number(price) === 0) return t('models.price.free');
  const amount = (value: string): string =>
    currency === 'USD'
      ? formatMoneyExact(value)
      : t('models.price.inCurrency', { amount: formatExact(value), currency });
  const perMillion = shiftDecimal(price, per === 'token' ? 6 : 3);
  return (
    <PriceLines
      first={t('models.price.perMillion', { price: amount(perMillion) })}
      second={t(per === 'token' ? 'models.price.perToken' : 'models.price.perThousand', {
        price: amount(price),
      })}
    />
  );
}

/** As numbers stand in their column: to the right in a list, to the left among fields. */
function PriceLines({ first, second }: { readonly first: string; readonly second: string }): ReactElement {
  return (
    <Box sx={{ minWidth: 0, maxWidth: '100%', lineHeight: 1.35, textAlign: 'inherit' }}>
      <NameText>{first}</NameText>
      <Box sx={{ fontSize: '0.78125rem', color: 'text.secondary' }}>
        <NameText>{second}</NameText>
      </Box>
    </Box>
  );
}
