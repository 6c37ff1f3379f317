import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Count, Money } from '../ui/values';

interface LimitProps {
  /** Decimal text. Null is unlimited, 0 is none: both in words, because either can be taken for the other. */
  readonly value: string | null;
  readonly unit?: 'count' | 'money';
}

/** A limit, quota or budget. */
export function LimitValue({ value, unit = 'count' }: LimitProps): ReactNode {
  const { t } = useTranslation();
  if (value === null) return t('records.limit.unlimited');
  if (Number(value) === 0) return t('records.limit.none');
  return unit === 'money' ? <Money value={value} /> : <Count value={value} />;
}
