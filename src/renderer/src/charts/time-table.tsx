import { Table, TableBody, TableCell, TableContainer, TableHead, TableRow } from '@mui/material';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { NameText } from '../ui/name-text';
import { bucketName, type Bucket, type TimeSeries } from './time-series';

interface TimeTableProps {
  readonly label: string;
  readonly bucket: Bucket;
  readonly buckets: readonly string[];
  readonly series: readonly TimeSeries[];
  readonly format: (value: string) => string;
  /** Further columns whose cells are finished texts, one per bucket. */
  readonly extra?: readonly { readonly label: string; readonly texts: readonly string[] }[];
}

/** What a chart draws, as a table: the newest first. */
export function TimeTable({
  label,
  bucket,
  buckets,
  series,
  format,
  extra = [],
}: TimeTableProps): ReactElement {
  const { t } = useTranslation();
  return (
    <TableContainer
      tabIndex={0}
      role="region"
      aria-label={label}
      sx={{ maxHeight: 320, '@media print': { maxHeight: 'none', overflow: 'visible' } }}
    >
      <Table size="small" stickyHeader>
        <TableHead>
          <TableRow>
            <TableCell>{t(`common.chart.bucket.${bucket}`)}</TableCell>
            {series.map((line) => (
              <TableCell key={line.key} align="right" sx={{ maxWidth: 200 }}>
                <NameText>{line.label}</NameText>
              </TableCell>
            ))}
            {extra.map((column) => (
              <TableCell key={column.label} align="right">
                {column.label}
              </TableCell>
            ))}
          </TableRow>
        </TableHead>
        <TableBody>
          {buckets
            .map((day, index) => (
              <TableRow key={day}>
                <TableCell component="th" scope="row" sx={{ whiteSpace: 'nowrap' }}>
                  {bucketName(bucket, day)}
                </TableCell>
                {series.map((line) => (
                  <TableCell key={line.key} align="right">
                    {format(line.values[index] ?? '0')}
                  </TableCell>
                ))}
                {extra.map((column) => (
                  <TableCell key={column.label} align="right" sx={{ whiteSpace: 'nowrap' }}>
                    {column.texts[index] ?? ''}
                  </TableCell>
                ))}
              </TableRow>
            ))
            .reverse()}
        </TableBody>
      </Table>
    </TableContainer>
  );
}
