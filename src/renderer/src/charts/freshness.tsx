import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { formatInstant } from '../ui/format';

interface FreshnessProps {
  readonly freshness: { readonly latestUsageAt: string | null; readonly timeZone: string };
}

/** Up to when figures of usage are counted, and in whose days. */
export function Freshness({ freshness }: FreshnessProps): ReactElement {
  const { t } = useTranslation();
  const { latestUsageAt, timeZone } = freshness;
  return (
    <>
      {latestUsageAt === null
        ? t('common.freshness.none', { timeZone })
        : t('common.freshness.upTo', { moment: formatInstant(latestUsageAt), timeZone })}
    </>
  );
}
