import { Box, Table, TableBody, TableCell, TableHead, TableRow, Typography } from '@mui/material';
import type { ReactElement } from 'react';
import type { ServerGridColumn } from '../lists/server-grid';

interface PrintTableProps<Row> {
  readonly title: string;
  /** How much of all is on the paper. */
  readonly note: string;
  readonly columns: readonly ServerGridColumn<Row>[];
  readonly rows: readonly Row[];
  readonly rowId: (row: Row) => string;
}

/** A page of a list as it is printed: every row and column whole, the headings on each sheet. */
export function PrintTable<Row>({ title, note, columns, rows, rowId }: PrintTableProps<Row>): ReactElement {
  return (
    <Box component="section">
      <Typography variant="h2" sx={{ mb: 0.5, breakAfter: 'avoid' }}>
        {title}
      </Typography>
      <Typography variant="body2" sx={{ mb: 1, breakAfter: 'avoid' }}>
        {note}
      </Typography>
      <Table size="small" aria-label={title} sx={{ '& th, & td': { px: 0.75, py: 0.5 } }}>
        <TableHead>
          <TableRow>
            {columns.map(({ field, header, align = 'left' }) => (
              <TableCell key={field} align={align} sx={{ whiteSpace: 'normal' }}>
                {header}
              </TableCell>
            ))}
          </TableRow>
        </TableHead>
        <TableBody>
          {rows.map((row) => (
            <TableRow key={rowId(row)} sx={{ breakInside: 'avoid' }}>
              {columns.map(({ field, align = 'left', render }) => (
                <TableCell key={field} align={align}>
                  {render(row)}
                </TableCell>
              ))}
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </Box>
  );
}
