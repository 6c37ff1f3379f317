import type { ReactElement, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { isDecimal, shiftDecimal } from '../../../shared/decimal';
import { formatMoneyExact } from '../components/format';
import { TwoLines } from '../components/two-lines';
import { NotRecorded } from '../components/values';

interface ModelPriceProps {
  /** US dollars, exact decimal text; null is unknown. */
  readonly price: string | null;
  /** What it is for: tokens. */
  readonly per: 'token' | 'thousand';
}

/** A price as it is stored and, above it, per million tokens, as people compare it; both with every digit. */
export function ModelPrice({ price, per }: ModelPriceProps): ReactNode {
  const { t } = useTranslation();
  if (price === null) return <NotRecorded label={t('models.price.unknown')} />;
  if (!isDecimal(price)) return price;
  if (Number(price) === 0) return t('models.price.free');
  const perMillion = shiftDecimal(price, per === 'token' ? 6 : 3);
  return (
    <PriceLines
      first={t('models.price.perMillion', { price: formatMoneyExact(perMillion) })}
      second={t(per === 'token' ? 'models.price.perToken' : 'models.price.perThousand', {
        price: formatMoneyExact(price),
      })}
    />
  );
}

function PriceLines({ first, second }: { readonly first: string; readonly second: string }): ReactElement {
  return <TwoLines first={<span>{first}</span>} second={<span>{second}</span>} />;
}
