import { Box, Tooltip, Typography } from '@mui/material';
import type { ReactElement, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { isDecimal } from '../../../shared/decimal';
import {
  formatCompact,
  formatCount,
  formatDuration,
  formatInstant,
  formatInstantDate,
  formatInstantUtc,
  formatMoney,
  formatMoneyCompact,
  formatMoneyExact,
  formatRelative,
  toDate,
} from './format';
import { useIsCut } from './use-is-cut';

/** What stands for a missing value. Screen readers hear the words, eyes see a dash. */
export function NotRecorded({ label }: { label?: string }): ReactElement {
  const { t } = useTranslation();
  return (
    <Box
      component="span"
      role="img"
      aria-label={label ?? t('common.notRecorded')}
      sx={{ color: 'text.secondary' }}
    >
      –
    </Box>
  );
}

interface AmountProps {
  /** Decimal text; null shows `whenNull`. */
  readonly value: string | null;
  readonly whenNull?: ReactNode;
  /** Short enough for a tile; the exact value is in the tooltip. */
  readonly compact?: boolean;
}

/** Money; hovering shows every recorded digit. Null is not zero: say what it means where it stands. */
export function Money({ value, whenNull, compact = false }: AmountProps): ReactNode {
  const { t } = useTranslation();
  if (value === null) return whenNull ?? <NotRecorded />;
  if (!isDecimal(value)) return t('common.notANumber');
  const shown = compact ? formatMoneyCompact(value) : formatMoney(value);
  const exact = formatMoneyExact(value);
  return <Abridged shown={shown} exact={exact} title={t('common.exactValue', { value: exact })} />;
}

/** A whole number. */
export function Count({
  value,
  whenNull,
  compact = false,
}: Omit<AmountProps, 'value'> & { readonly value: string | number | null }): ReactNode {
  const { t } = useTranslation();
  if (value === null) return whenNull ?? <NotRecorded />;
  const exact = formatCount(value);
  const shown = compact ? formatCompact(value) : exact;
  return <Abridged shown={shown} exact={exact} title={t('common.exactValue', { value: exact })} />;
}

/** Tokens: large by nature, so shortened from 100,000 on. */
export function Tokens({ value, whenNull }: Omit<AmountProps, 'compact'>): ReactNode {
  return <Count value={value} whenNull={whenNull} compact />;
}

/** Rounded, or cut off where a narrow column leaves no room: either way the tooltip has it whole. */
function Abridged({ shown, exact, title }: { shown: string; exact: string; title: string }): ReactNode {
  const { isCut, onMouseEnter } = useIsCut();
  return (
    <Tooltip title={shown !== exact ? title : isCut ? shown : ''}>
      <span onMouseEnter={onMouseEnter}>{shown}</span>
    </Tooltip>
  );
}

interface InstantProps {
  readonly value: string | null;
  /** `relative` is for what matters by its distance (last used, expires). */
  readonly show?: 'datetime' | 'date' | 'relative';
  readonly whenNull?: ReactNode;
}

/** A moment in local time; hovering shows it in full, locally and in UTC. */
export function Instant({ value, show = 'datetime', whenNull }: InstantProps): ReactNode {
  const { t } = useTranslation();
  if (value === null) return whenNull ?? <NotRecorded />;
  // Infinity and years before Christ have no local time.
  if (toDate(value) === null) return <span>{formatInstant(value)}</span>;
  const text =
    show === 'relative'
      ? formatRelative(value, new Date())
      : show === 'date'
        ? formatInstantDate(value)
        : formatInstant(value);
  return (
    <Tooltip
      title={
        <>
          <Typography variant="caption" component="div">
            {t('common.local', { value: formatInstant(value, undefined, { seconds: true }) })}
          </Typography>
          <Typography variant="caption" component="div">
            {t('common.utc', { value: formatInstantUtc(value) })}
          </Typography>
        </>
      }
    >
      <time dateTime={value}>{text}</time>
    </Tooltip>
  );
}

/** A duration in milliseconds. */
export function Duration({ valueMs }: { readonly valueMs: number | null }): ReactNode {
  return valueMs === null ? <NotRecorded /> : <span>{formatDuration(valueMs)}</span>;
}
