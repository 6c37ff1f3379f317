import FilterIcon from '@mui/icons-material/FilterAltOutlined';
import { Box, IconButton, Tooltip, Typography } from '@mui/material';
import { useMemo, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { addDecimals } from '../../../shared/decimal';
import type { UsageBreakdownRow, UsageDimension, UsageFigures } from '../../../shared/contract/usage';
import { formatShare } from '../ui/format';
import { NameText } from '../ui/name-text';
import { AppLink, recordPath } from '../records/record-link';
import type { ServerGridColumn } from '../lists/server-grid';
import { metricOf, type UsageMetric } from '../charts/usage-metric';
import { Count, Duration, Money, NotRecorded, Tokens } from '../ui/values';
import { differenceOf, formatDifference, formatRelativeDifference } from './difference';
import { shareOf } from './share';
import { usageLabel } from './series-label';
import { placeOf } from './use-usage-row-actions';

interface BreakdownColumnsInput {
  readonly dimension: UsageDimension;
  readonly metric: UsageMetric;
  /** What shares are of; undefined until known. */
  readonly totals: UsageFigures | undefined;
  /** With the difference to the range before. */
  readonly isCompared: boolean;
  /** Narrows the whole screen to one row. */
  readonly onOnly: (id: string) => void;
}

/** How the breakdown shows what each model, user, team or key used. */
export function useBreakdownColumns(
  input: BreakdownColumnsInput,
): readonly ServerGridColumn<UsageBreakdownRow>[] {
  const { dimension, metric, totals, isCompared, onOnly } = input;
  const { t } = useTranslation();
  return useMemo(
    () => [
      {
        field: 'label',
        header: t(`usage.dimension.${dimension}`),
        flex: 1,
        minWidth: 180,
        render: (row) => <RowName row={row} dimension={dimension} />,
      },
      {
        field: 'share',
        header: t(`usage.breakdown.share.${metric}`),
        width: 140,
        align: 'right',
        render: (row) => (
          <Share
            share={totals === undefined ? null : shareOf(metricOf(metric, row), metricOf(metric, totals))}
          />
        ),
      },
      ...(isCompared
        ? [
            {
              field: 'difference',
              header: t('usage.compare.difference'),
              width: 120,
              align: 'right' as const,
              render: (row: UsageBreakdownRow) => <Difference row={row} metric={metric} />,
            },
          ]
        : []),
      {
        field: 'requests',
        header: t('common.metric.requests'),
        width: 112,
        align: 'right',
        render: ({ requests }) => <Count value={requests} />,
      },
      {
        field: 'tokens',
        header: t('usage.breakdown.tokens'),
        width: 104,
        align: 'right',
        render: ({ inputTokens, outputTokens }) => <Tokens value={addDecimals(inputTokens, outputTokens)} />,
      },
      {
        field: 'inputTokens',
        header: t('usage.breakdown.inputTokens'),
        width: 92,
        align: 'right',
        initiallyHidden: true,
        render: ({ inputTokens }) => <Tokens value={inputTokens} />,
      },
      {
        field: 'outputTokens',
        header: t('usage.breakdown.outputTokens'),
        width: 92,
        align: 'right',
        initiallyHidden: true,
        render: ({ outputTokens }) => <Tokens value={outputTokens} />,
      },
      {
        field: 'cost',
        header: t('common.metric.cost'),
        width: 128,
        align: 'right',
        render: ({ cost }) => <Money value={cost} />,
      },
      {
        field: 'errors',
        header: t('common.metric.errors'),
        width: 84,
        align: 'right',
        render: ({ errors }) => <Count value={errors} />,
      },
      {
        field: 'errorRate',
        header: t('usage.breakdown.errorRate'),
        width: 92,
        align: 'right',
        render: ({ errors, requests }) => {
          const rate = shareOf(errors, requests);
          return rate === null ? <NotRecorded /> : <span>{formatShare(rate)}</span>;
        },
      },
      {
        field: 'averageLatencyMs',
        header: t('usage.breakdown.latency'),
        width: 104,
        align: 'right',
        render: ({ averageLatencyMs }) => <Duration valueMs={averageLatencyMs} />,
      },
      {
        field: 'only',
        header: t('usage.breakdown.actions'),
        width: 64,
        align: 'right',
        render: (row) => <OnlyButton row={row} dimension={dimension} onOnly={onOnly} />,
      },
    ],
    [t, dimension, metric, totals, isCompared, onOnly],
  );
}

interface RowProps {
  readonly row: UsageBreakdownRow;
  readonly dimension: UsageDimension;
}

function RowName({ row, dimension }: RowProps): ReactElement {
  const { t } = useTranslation();
  const name = usageLabel(t, dimension, row);
  const { id } = row;
  const text = (
    <Box component="span" sx={{ color: 'text.secondary' }}>
      {name}
    </Box>
  );
  if (id === null) return text;
  const link = <AppLink to={recordPath(placeOf[dimension].area, id)}>{name}</AppLink>;
  if (row.label !== null) return link;
  // A model that left the catalogue still has a page: of what was used, and by whom.
  return (
    <Tooltip title={t('usage.deletedHelp')}>{dimension === 'model' ? <span>{link}</span> : text}</Tooltip>
  );
}

function OnlyButton({ row, dimension, onOnly }: RowProps & Pick<BreakdownColumnsInput, 'onOnly'>) {
  const { t } = useTranslation();
  const { id } = row;
  if (id === null) return null;
  const label = t('usage.breakdown.only', { name: usageLabel(t, dimension, row) });
  return (
    <Tooltip title={label}>
      <IconButton size="small" aria-label={label} onClick={() => onOnly(id)}>
        <FilterIcon fontSize="small" />
      </IconButton>
    </Tooltip>
  );
}

/** How much more or less than in the range before, and what part of it that is. */
function Difference({ row, metric }: { readonly row: UsageBreakdownRow; readonly metric: UsageMetric }) {
  const { t } = useTranslation();
  if (row.previous === null) return <NotRecorded />;
  const now = metricOf(metric, row);
  const before = metricOf(metric, row.previous);
  return (
    <Box sx={{ textAlign: 'right', lineHeight: 1.3 }}>
      <NameText>{formatDifference(t, metric, differenceOf(now, before))}</NameText>
      <Typography variant="caption" component="div" noWrap sx={{ color: 'text.secondary', lineHeight: 1.2 }}>
        {formatRelativeDifference(t, now, before)}
      </Typography>
    </Box>
  );
}

/** A share in words with a bar as long. */
function Share({ share }: { readonly share: number | null }): ReactElement {
  if (share === null) return <NotRecorded />;
  return (
    <Box sx={{ display: 'flex', alignItems: 'center', gap: 1, width: '100%' }}>
      <Box
        aria-hidden
        sx={({ vars }) => ({
          flex: 1,
          height: 4,
          borderRadius: 2,
          overflow: 'hidden',
          backgroundColor: vars?.palette.console.tone.neutral.ground,
        })}
      >
        <Box
          sx={{ height: '100%', borderRadius: 2, backgroundColor: 'primary.main' }}
          style={{ width: `${share * 100}%` }}
        />
      </Box>
      <Box component="span" sx={{ minWidth: 46, textAlign: 'right' }}>
        {formatShare(share)}
      </Box>
    </Box>
  );
}
