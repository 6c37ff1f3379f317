import { Box, Typography } from '@mui/material';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { isDecimal } from '../../../shared/decimal';
import type { ToneName } from '../ui/theme';
import { NameText } from '../ui/name-text';
import { formatCompact, formatCount, formatMoney, formatShare } from '../ui/format';
import { quotaShare } from './quota-share';

interface QuotaBarProps {
  /** What is counted: "Requests". Read aloud, and shown unless `dense`. */
  readonly label: string;
  /** Decimal text. */
  readonly used: string;
  /** Decimal text; null is unlimited, "0" is none. */
  readonly limit: string | null;
  readonly unit?: 'count' | 'money';
  /** For a grid cell: one line of text above a thin bar. */
  readonly dense?: boolean;
}

const nearShare = 0.8;

/** Use against a quota, in words and as a bar. Past the quota the bar is full and the words say by how much. */
export function QuotaBar({ label, used, limit, unit = 'count', dense = false }: QuotaBarProps): ReactElement {
  const { t } = useTranslation();
  const format = (value: string): string => {
    if (!isDecimal(value)) return t('common.notANumber');
    return unit === 'money' ? formatMoney(value) : dense ? formatCompact(value) : formatCount(value);
  };
  const quota = quotaShare(used, limit);
  const tone: ToneName =
    quota.kind === 'unlimited' || quota.kind === 'unknown'
      ? 'neutral'
      : quota.isOver
        ? 'error'
        : quota.kind === 'limited' && quota.share >= nearShare
          ? 'warning'
          : 'success';
  const words =
    quota.kind === 'unlimited' || limit === null
      ? t('common.quota.usedUnlimited', { used: format(used) })
      : quota.kind === 'none'
        ? t('common.quota.noneAllowed', { used: format(used) })
        : t('common.quota.of', { used: format(used), limit: format(limit) });
  const percent = quota.kind === 'limited' ? formatShare(quota.share) : null;
  const width =
    quota.kind === 'unlimited' || quota.kind === 'unknown'
      ? 0
      : quota.kind === 'none'
        ? quota.isOver
          ? 1
          : 0
        : quota.share;
  return (
    <Box sx={{ width: '100%', minWidth: 0 }}>
      <Box sx={{ display: 'flex', justifyContent: 'space-between', gap: 1, mb: 0.5 }}>
        <Typography variant={dense ? 'caption' : 'body2'} noWrap={dense}>
          {dense ? <NameText>{words}</NameText> : `${label}: ${words}`}
        </Typography>
        {percent !== null && (
          <Typography
            variant={dense ? 'caption' : 'body2'}
            sx={({ vars }) => ({
              fontWeight: 600,
              color: quota.kind === 'limited' ? vars?.palette.console.tone[tone].ink : undefined,
            })}
          >
            {percent}
          </Typography>
        )}
      </Box>
      {quota.kind !== 'unlimited' && quota.kind !== 'unknown' && (
        <Box
          role="meter"
          aria-label={label}
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={Math.min(100, Math.round(width * 100))}
          aria-valuetext={percent === null ? words : `${words}, ${percent}`}
          sx={({ vars }) => ({
            height: dense ? 4 : 6,
            borderRadius: 3,
            overflow: 'hidden',
            backgroundColor: vars?.palette.console.tone.neutral.ground,
          })}
        >
          <Box
            sx={({ vars }) => ({
              height: '100%',
              borderRadius: 3,
              backgroundColor: vars?.palette.console.tone[tone].ink,
            })}
            style={{ width: `${Math.min(100, width * 100)}%` }}
          />
        </Box>
      )}
    </Box>
  );
}
