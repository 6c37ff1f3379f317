import { Tooltip } from '@mui/material';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { formatBytes, formatCount } from '../ui/format';
import { NotRecorded } from '../ui/values';

/** How many rows PostgreSQL thinks there are; what stands above says "about". NULL: it has not looked yet. */
export function AboutRows({ value }: { readonly value: string | null }): ReactNode {
  const { t } = useTranslation();
  if (value === null) {
    return (
      <Tooltip title={t('browse.notEstimated')}>
        <span>
          <NotRecorded label={t('browse.notEstimated')} />
        </span>
      </Tooltip>
    );
  }
  return <span>{formatCount(value)}</span>;
}

/** A size on disk; views have none. */
export function Size({ value }: { readonly value: string | null }): ReactNode {
  return value === null ? <NotRecorded /> : <span>{formatBytes(value)}</span>;
}
