import {
  Alert,
  Box,
  Button,
  Table,
  TableBody,
  TableCell,
  TableContainer,
  TableHead,
  TableRow,
  Typography,
} from '@mui/material';
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { AuditChange } from '../../../shared/contract/audit';
import type { ToneName } from '../ui/theme';
import { formatCount } from '../ui/format';
import { Section } from '../ui/section';
import { EmptyState } from '../ui/states';
import { StatusChip } from '../ui/status-chip';
import type { AuditEntry } from './audit-entry-screen';

const tones: Record<AuditChange['kind'], ToneName> = {
  changed: 'warning',
  added: 'success',
  removed: 'error',
  same: 'neutral',
};

/** What a record was before and after, what differs first. */
export function ChangesSection({ entry }: { readonly entry: AuditEntry }): ReactElement {
  const { t } = useTranslation();
  const [isWhole, setIsWhole] = useState(false);
  const { changes } = entry;
  const differing = changes.filter(({ kind }) => kind !== 'same');
  const sameCount = changes.length - differing.length;
  if (changes.length === 0) {
    return (
      <Section title={t('audit.entry.changes')}>
        <EmptyState title={t('audit.entry.noChanges')} />
      </Section>
    );
  }
  return (
    <Section
      title={t('audit.entry.changes')}
      description={
        differing.length === 0
          ? t('audit.entry.nothingDiffers')
          : t('audit.entry.changesDescription', {
              count: differing.length,
              formatted: formatCount(differing.length),
            })
      }
      flush
      actions={
        sameCount > 0 && (
          <Button size="small" aria-expanded={isWhole} onClick={() => setIsWhole(!isWhole)}>
            {isWhole
              ? t('audit.entry.hideSame')
              : t('audit.entry.showSame', { count: sameCount, formatted: formatCount(sameCount) })}
          </Button>
        )
      }
    >
      {(isWhole || differing.length > 0) && (
        <ChangesTable label={t('audit.entry.changes')} changes={isWhole ? changes : differing} />
      )}
      {entry.changesAreCut && (
        <Box sx={{ px: 2.5, py: 1.5 }}>
          <Alert severity="info">{t('audit.entry.changesCut')}</Alert>
        </Box>
      )}
    </Section>
  );
}

interface ChangesTableProps {
  readonly label: string;
  readonly changes: readonly AuditChange[];
}

function ChangesTable({ label, changes }: ChangesTableProps): ReactElement {
  const { t } = useTranslation();
  return (
    <TableContainer tabIndex={0} role="group" aria-label={label}>
      <Table
        size="small"
        aria-label={label}
        sx={{
          tableLayout: 'fixed',
          minWidth: 640,
          '& tr > th:first-of-type': { pl: 2.5 },
          '& tr > :last-child': { pr: 2.5 },
          '& td, & th': { verticalAlign: 'top' },
        }}
      >
        <TableHead>
          <TableRow>
            <TableCell sx={{ width: '24%' }}>{t('audit.entry.field')}</TableCell>
            <TableCell sx={{ width: 118 }}>{t('audit.entry.kind')}</TableCell>
            <TableCell>{t('audit.entry.before')}</TableCell>
            <TableCell>{t('audit.entry.after')}</TableCell>
          </TableRow>
        </TableHead>
        <TableBody>
          {changes.map(({ field, kind, before, after }) => (
            <TableRow key={field}>
              <TableCell component="th" scope="row" sx={{ overflowWrap: 'anywhere', fontWeight: 600 }}>
                {field}
              </TableCell>
              <TableCell>
                <StatusChip tone={tones[kind]} label={t(`audit.change.${kind}`)} />
              </TableCell>
              <TableCell>
                <FieldValue json={before} />
              </TableCell>
              <TableCell>
                <FieldValue json={after} />
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </TableContainer>
  );
}

/** A value as JSON has it, so that text, number and null can be told apart; what was not there in words. */
function FieldValue({ json }: { readonly json: string | null }): ReactElement {
  const { t } = useTranslation();
  if (json === null) {
    return (
      <Typography component="span" variant="body2" sx={{ color: 'text.secondary' }}>
        {t('audit.entry.notThere')}
      </Typography>
    );
  }
  return (
    <Box
      component="code"
      dir="auto"
      sx={{ display: 'block', maxHeight: 180, overflow: 'auto', overflowWrap: 'anywhere' }}
    >
      {json}
    </Box>
  );
}
