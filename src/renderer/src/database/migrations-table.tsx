import { Table, TableBody, TableCell, TableContainer, TableHead, TableRow, Typography } from '@mui/material';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { AnswerOf, Contract } from '../../../shared/contract/index';
import type { ToneName } from '../ui/theme';
import { StatusChip } from '../ui/status-chip';
import { Instant } from '../ui/values';

export type Migration = AnswerOf<Contract['database']['migrations']>['migrations'][number];

const routinesFolder = 'routines/';

/** True for a file of functions, triggers and views, false for a numbered one. */
export function isRoutine({ name }: Migration): boolean {
  return name.startsWith(routinesFolder);
}

/** The numbered files and, in a group of their own, what is put in place after them. */
export function MigrationsTable({ migrations }: { readonly migrations: readonly Migration[] }): ReactElement {
  const { t } = useTranslation();
  const numbered = migrations.filter((migration) => !isRoutine(migration));
  const routines = migrations.filter(isRoutine);
  return (
    <TableContainer tabIndex={0} role="group" aria-label={t('database.migrations.title')}>
      <Table size="small" aria-label={t('database.migrations.title')}>
        <TableHead>
          <TableRow>
            <TableCell sx={{ pl: 2.5 }}>{t('database.migrations.name')}</TableCell>
            <TableCell>{t('database.migrations.purpose')}</TableCell>
            <TableCell>{t('database.migrations.state')}</TableCell>
            <TableCell sx={{ pr: 2.5 }}>{t('database.migrations.appliedAt')}</TableCell>
          </TableRow>
        </TableHead>
        <TableBody>
          {numbered.map((migration) => (
            <MigrationRow key={migration.name} name={migration.name} migration={migration} />
          ))}
        </TableBody>
        {routines.length > 0 && (
          <TableBody>
            <TableRow>
              <TableCell
                component="th"
                scope="rowgroup"
                colSpan={4}
                sx={({ vars }) => ({ px: 2.5, pt: 2, borderTop: `1px solid ${vars?.palette.divider}` })}
              >
                <Typography component="span" variant="body2" sx={{ display: 'block', fontWeight: 650 }}>
                  {t('database.migrations.routines')}
                </Typography>
                <Typography component="span" variant="caption" sx={{ color: 'text.secondary' }}>
                  {t('database.migrations.routinesHelp')}
                </Typography>
              </TableCell>
            </TableRow>
            {routines.map((routine) => (
              <MigrationRow
                key={routine.name}
                name={routine.name.slice(routinesFolder.length)}
                migration={routine}
              />
            ))}
          </TableBody>
        )}
      </Table>
    </TableContainer>
  );
}

const tones: Record<Migration['state'], ToneName> = {
  applied: 'success',
  pending: 'info',
  changed: 'error',
  unknown: 'warning',
};

interface MigrationRowProps {
  readonly name: string;
  readonly migration: Migration;
}

function MigrationRow({ name, migration }: MigrationRowProps): ReactElement {
  const { t } = useTranslation();
  const { purpose, state, appliedAt } = migration;
  // Of a routine the database may have an older text.
  const words = state === 'pending' && appliedAt !== null ? 'outdated' : state;
  return (
    <TableRow>
      <TableCell component="th" scope="row" sx={{ pl: 2.5, whiteSpace: 'nowrap' }}>
        <code>{name}</code>
      </TableCell>
      <TableCell>{purpose}</TableCell>
      <TableCell>
        <StatusChip tone={tones[state]} label={t(`database.migrations.states.${words}`)} />
      </TableCell>
      <TableCell sx={{ pr: 2.5, whiteSpace: 'nowrap' }}>
        <Instant value={appliedAt} />
      </TableCell>
    </TableRow>
  );
}
