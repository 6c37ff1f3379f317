import { Box, Paper, Stack, Typography } from '@mui/material';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import {
  Area,
  CartesianGrid,
  ComposedChart,
  Line,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import { bucketName, bucketTick, seriesColour, type Bucket, type TimeSeries } from './time-series';

interface TimeChartProps {
  /** What is drawn, for screen readers: "Requests per day". */
  readonly label: string;
  readonly bucket: Bucket;
  /** First day of each bucket. */
  readonly buckets: readonly string[];
  readonly series: readonly TimeSeries[];
  /** Drawn as a dashed line over them: another range in the place of this one. */
  readonly compared?: TimeSeries | undefined;
  /** A value in words, exactly; and short for the axis. */
  readonly format: (value: string) => string;
  readonly formatAxis: (value: number) => string;
  /** What is counted has no fractions: neither has its axis. */
  readonly isWhole: boolean;
  readonly heightPx?: number;
}

type Point = Record<string, number> & { index: number };

/**
 * Series over time, stacked. Loads the chart library: import it lazily. What a pointer reads in the tooltip,
 * a keyboard reads with the arrow keys; the numbers as text are in `TimeTable`.
 */
export function TimeChart(props: TimeChartProps): ReactElement {
  const { label, bucket, buckets, series, compared, format, formatAxis, isWhole, heightPx = 260 } = props;
  const points = buckets.map((_day, index): Point => {
    const point: Point = { index };
    for (const [place, { values }] of series.entries()) point[`s${place}`] = Number(values[index] ?? 0);
    if (compared !== undefined) point['compared'] = Number(compared.values[index] ?? 0);
    return point;
  });
  return (
    <Box>
      <Box
        sx={{
          height: heightPx,
          // On paper the drawing is scaled: the box follows it.
          '@media print': { height: 'auto' },
          fontSize: '0.78125rem',
          '& svg:focus': { outline: 'none' },
          '& .recharts-surface:focus-visible': {
            outline: '2px solid var(--mui-palette-primary-main)',
            outlineOffset: 2,
          },
        }}
      >
        <ResponsiveContainer width="100%" height={heightPx}>
          <ComposedChart
            data={points}
            margin={{ top: 8, right: 8, bottom: 0, left: 0 }}
            accessibilityLayer
            title={label}
          >
            <CartesianGrid vertical={false} stroke="var(--mui-palette-divider)" />
            <XAxis
              dataKey="index"
              tickFormatter={(index: number) => bucketTick(bucket, buckets[index] ?? '')}
              tick={{ fill: 'var(--mui-palette-text-secondary)' }}
              stroke="var(--mui-palette-divider)"
              tickLine={false}
              minTickGap={32}
            />
            <YAxis
              width={64}
              tickFormatter={formatAxis}
              tick={{ fill: 'var(--mui-palette-text-secondary)' }}
              axisLine={false}
              tickLine={false}
              tickCount={5}
              allowDecimals={!isWhole}
            />
            <Tooltip
              isAnimationActive={false}
              cursor={{ stroke: 'var(--mui-palette-console-outline)' }}
              content={({ active, label: index }) =>
                active && typeof index === 'number' ? (
                  <PointTooltip
                    title={bucketName(bucket, buckets[index] ?? '')}
                    rows={[
                      ...series.map((line, place) => ({
                        label: line.label,
                        colour: seriesColour(place, line.isRest === true),
                        value: format(line.values[index] ?? '0'),
                      })),
                      ...(compared === undefined
                        ? []
                        : [
                            {
                              label: compared.label,
                              colour: null,
                              value: format(compared.values[index] ?? '0'),
                            },
                          ]),
                    ]}
                  />
                ) : null
              }
            />
            {series.map((line, place) => (
              <Area
                key={line.key}
                type="linear"
                dataKey={`s${place}`}
                name={line.label}
                stackId="all"
                stroke={seriesColour(place, line.isRest === true)}
                strokeWidth={1.75}
                fill={seriesColour(place, line.isRest === true)}
                fillOpacity={series.length === 1 ? 0.14 : 0.3}
                dot={false}
                isAnimationActive={false}
              />
            ))}
            {compared !== undefined && (
              <Line
                type="linear"
                dataKey="compared"
                name={compared.label}
                stroke="var(--mui-palette-text-primary)"
                strokeWidth={1.5}
                strokeDasharray="5 4"
                dot={false}
                isAnimationActive={false}
              />
            )}
          </ComposedChart>
        </ResponsiveContainer>
      </Box>
      {(series.length > 1 || compared !== undefined) && <Legend series={series} compared={compared} />}
    </Box>
  );
}

interface TooltipRow {
  readonly label: string;
  /** Null: the dashed line. */
  readonly colour: string | null;
  readonly value: string;
}

function PointTooltip({
  title,
  rows,
}: {
  readonly title: string;
  readonly rows: readonly TooltipRow[];
}): ReactElement {
  return (
    <Paper variant="outlined" sx={{ px: 1.5, py: 1, boxShadow: 3, maxWidth: 320 }}>
      <Typography variant="caption" sx={{ fontWeight: 650 }}>
        {title}
      </Typography>
      {rows.map((row) => (
        <Stack key={row.label} direction="row" sx={{ alignItems: 'center', gap: 1 }}>
          <Swatch colour={row.colour} />
          <Typography variant="caption" noWrap dir="auto" sx={{ flex: 1, minWidth: 0 }}>
            {row.label}
          </Typography>
          <Typography variant="caption" sx={{ fontWeight: 600 }}>
            {row.value}
          </Typography>
        </Stack>
      ))}
    </Paper>
  );
}

function Legend({ series, compared }: Pick<TimeChartProps, 'series' | 'compared'>): ReactElement {
  const { t } = useTranslation();
  return (
    <Stack
      component="ul"
      direction="row"
      aria-label={t('common.chart.legend')}
      sx={{ m: 0, mt: 1, p: 0, listStyle: 'none', columnGap: 2, rowGap: 0.5, flexWrap: 'wrap' }}
    >
      {series.map((line, place) => (
        <LegendEntry key={line.key} label={line.label} colour={seriesColour(place, line.isRest === true)} />
      ))}
      {compared !== undefined && <LegendEntry label={compared.label} colour={null} />}
    </Stack>
  );
}

function LegendEntry({ label, colour }: Pick<TooltipRow, 'label' | 'colour'>): ReactElement {
  return (
    <Stack
      component="li"
      direction="row"
      sx={{ alignItems: 'center', gap: 0.75, minWidth: 0, maxWidth: 260 }}
    >
      <Swatch colour={colour} />
      <Typography variant="caption" noWrap dir="auto">
        {label}
      </Typography>
    </Stack>
  );
}

function Swatch({ colour }: { readonly colour: string | null }): ReactElement {
  if (colour === null) {
    return (
      <Box
        aria-hidden
        sx={{ width: 16, flex: 'none', borderTop: '2px dashed', borderColor: 'text.primary' }}
      />
    );
  }
  return (
    <Box
      aria-hidden
      sx={{ width: 10, height: 10, borderRadius: '3px', flex: 'none' }}
      style={{ backgroundColor: colour }}
    />
  );
}
