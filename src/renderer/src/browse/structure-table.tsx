import {
  Box,
  Table,
  TableBody,
  TableCell,
  TableContainer,
  TableHead,
  TableRow,
  Typography,
} from '@mui/material';
import type { ReactElement, ReactNode } from 'react';

/** A column of a structure table. */
export interface StructureColumn<Row> {
  readonly header: string;
  readonly render: (row: Row) => ReactNode;
  readonly align?: 'left' | 'right';
  /** Takes what room there is; the others only what they need. */
  readonly isWide?: boolean;
}

interface StructureTableProps<Row> {
  readonly label: string;
  readonly columns: readonly StructureColumn<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
}

/** Parts of a relation in a plain table: there are never many. */
export function StructureTable<Row>({
  label,
  columns,
  rows,
  rowKey,
}: StructureTableProps<Row>): ReactElement {
  return (
    <TableContainer tabIndex={0} role="group" aria-label={label}>
      <Table
        size="small"
        aria-label={label}
        sx={{ '& tr > :first-of-type': { pl: 2.5 }, '& tr > :last-child': { pr: 2.5 } }}
      >
        <TableHead>
          <TableRow>
            {columns.map(({ header, align = 'left' }) => (
              <TableCell key={header} align={align}>
                {header}
              </TableCell>
            ))}
          </TableRow>
        </TableHead>
        <TableBody>
          {rows.map((row) => (
            <TableRow key={rowKey(row)} sx={{ verticalAlign: 'top' }}>
              {columns.map(({ header, render, align = 'left', isWide = false }) => (
                <TableCell
                  key={header}
                  align={align}
                  sx={{
                    // Not `anywhere`: with little room the table would break names inside their words.
                    ...(isWide
                      ? { minWidth: 260, width: '60%', overflowWrap: 'anywhere' }
                      : { maxWidth: 320, overflowWrap: 'break-word' }),
                    ...(align === 'right' && { whiteSpace: 'nowrap' }),
                  }}
                >
                  {render(row)}
                </TableCell>
              ))}
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </TableContainer>
  );
}

interface PartProps {
  readonly title: string;
  readonly description?: string;
  readonly children: ReactNode;
}

/** A titled part of a tab. */
export function Part({ title, description, children }: PartProps): ReactElement {
  return (
    <Box component="section" aria-label={title} sx={{ pt: 2, pb: 1 }}>
      <Typography variant="h2" sx={{ px: 2.5, pb: 0.5 }}>
        {title}
      </Typography>
      {description !== undefined && (
        <Typography variant="body2" sx={{ px: 2.5, pb: 0.5, color: 'text.secondary' }}>
          {description}
        </Typography>
      )}
      {children}
    </Box>
  );
}

/** That a part has nothing in it. */
export function NothingThere({ children }: { readonly children: string }): ReactElement {
  return (
    <Typography variant="body2" sx={{ px: 2.5, py: 1, color: 'text.secondary' }}>
      {children}
    </Typography>
  );
}

/** SQL of the catalogue, as PostgreSQL writes it. */
export function Definition({ children }: { readonly children: string }): ReactElement {
  return (
    <Box component="code" sx={{ whiteSpace: 'pre-wrap' }}>
      {children}
    </Box>
  );
}
