import { Box } from '@mui/material';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactElement, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { AnswerOf, Contract } from '../../../shared/contract/index';
import type { ApiError } from '../api/api-error';
import {
  changeBetween,
  formatChange,
  formatCompact,
  formatDuration,
  formatMoneyCompact,
  formatShare,
} from '../ui/format';
import { ErrorState } from '../ui/states';
import { Tile } from '../ui/tile';
import { Count, Duration, Money } from '../ui/values';
import { shareOf } from './share';

type Totals = AnswerOf<Contract['usage']['totals']>;

/** The figures of the period, each beside the equally long period before. */
export function UsageTotals({ query }: { readonly query: UseQueryResult<Totals, ApiError> }): ReactElement {
  const { t } = useTranslation();
  const { data } = query;
  if (query.error !== null && data === undefined) {
    return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  }
  const counted = (name: 'requests' | 'inputTokens' | 'outputTokens'): ReactElement => (
    <Tile
      label={t(`usage.tile.${name}`)}
      value={data && <Count value={data.totals[name]} compact />}
      note={data && <Before before={data.previous[name]} now={data.totals[name]} format={formatCompact} />}
    />
  );
  return (
    <Box
      sx={{
        display: 'grid',
        gap: 2,
        gridTemplateColumns: { xs: '1fr', sm: '1fr 1fr', md: 'repeat(3, 1fr)' },
        '@media (min-width: 1500px)': { gridTemplateColumns: 'repeat(6, 1fr)' },
      }}
    >
      {counted('requests')}
      {counted('inputTokens')}
      {counted('outputTokens')}
      <Tile
        label={t('usage.tile.cost')}
        value={data && <Money value={data.totals.cost} compact />}
        note={
          data && <Before before={data.previous.cost} now={data.totals.cost} format={formatMoneyCompact} />
        }
      />
      <Tile
        label={t('usage.tile.errors')}
        value={data && <Count value={data.totals.errors} compact />}
        note={data && <ErrorNote totals={data} />}
      />
      <Tile
        label={t('usage.tile.latency')}
        value={data && <Duration valueMs={data.totals.averageLatencyMs} />}
        note={data && <LatencyNote totals={data} />}
      />
    </Box>
  );
}

interface BeforeProps {
  readonly before: string;
  readonly now: string;
  readonly format: (value: string) => string;
}

function Before({ before, now, format }: BeforeProps): ReactNode {
  const { t } = useTranslation();
  const change = changeBetween(before, now);
  return change === null
    ? t('usage.tile.nothingBefore')
    : t('usage.tile.before', { change: formatChange(change), value: format(before) });
}

function ErrorNote({ totals: { totals, previous } }: { readonly totals: Totals }): ReactElement {
  const { t } = useTranslation();
  const rate = shareOf(totals.errors, totals.requests);
  const rateBefore = shareOf(previous.errors, previous.requests);
  return (
    <>
      <Before before={previous.errors} now={totals.errors} format={formatCompact} />
      {rate !== null && (
        <Box component="span" sx={{ display: 'block' }}>
          {rateBefore === null
            ? t('usage.tile.errorRateOnly', { share: formatShare(rate) })
            : t('usage.tile.errorRate', { share: formatShare(rate), before: formatShare(rateBefore) })}
        </Box>
      )}
    </>
  );
}

function LatencyNote({ totals }: { readonly totals: Totals }): ReactNode {
  const { t } = useTranslation();
  const { averageLatencyMs } = totals.totals;
  const before = totals.previous.averageLatencyMs;
  const percentiles = totals.latencyPercentilesMs;
  if (averageLatencyMs === null) return t('usage.tile.noLatency');
  return (
    <>
      {before === null ? (
        t('usage.tile.nothingBefore')
      ) : (
        <Before
          before={String(before)}
          now={String(averageLatencyMs)}
          format={(value) => formatDuration(Number(value))}
        />
      )}
      {percentiles !== null && (
        <Box component="span" sx={{ display: 'block' }}>
          {t('usage.tile.percentiles', {
            p50: unbroken(formatDuration(percentiles.p50)),
            p95: unbroken(formatDuration(percentiles.p95)),
            p99: unbroken(formatDuration(percentiles.p99)),
          })}
        </Box>
      )}
    </>
  );
}

/** A figure stays with its unit where a line breaks. */
function unbroken(text: string): string {
  return text.replaceAll(' ', '\u00a0');
}
