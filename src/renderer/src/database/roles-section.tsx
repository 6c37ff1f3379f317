import { Button, MenuItem, Stack, TextField } from '@mui/material';
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { type RoleKind, roleKinds } from '../../../shared/contract/database';
import { isRoleName } from '../../../shared/role-name';
import { useProcedureQuery } from '../api/use-procedure';
import { useCsvExport } from '../lists/use-csv-export';
import { Section } from '../ui/section';
import { SqlText } from '../ui/sql-text';
import { ErrorState, LoadingLines } from '../ui/states';
import { useDebounced } from '../ui/use-debounced';

interface RolesSectionProps {
  /** What can be asked for: where the schema is not complete there is nothing to grant yet. */
  readonly roles?: readonly RoleKind[];
}

/** The SQL that makes a role for this database, to copy or to save: the console runs none of it. */
export function RolesSection({ roles = roleKinds }: RolesSectionProps): ReactElement {
  const { t } = useTranslation();
  const [role, setRole] = useState<RoleKind>(roles[0] ?? 'reader');
  const [typed, setTyped] = useState<string | null>(null);
  const name = typed ?? `litemaas_${role}`;
  const isName = isRoleName(name);
  const asked = useDebounced(name);
  const query = useProcedureQuery(
    'database',
    'roleSql',
    { role, name: asked },
    { enabled: isRoleName(asked) },
  );
  // What is copied is for the name that is seen.
  const data = asked === name ? query.data : undefined;
  const file = useCsvExport('database', 'exportRoleSql');
  return (
    <Section
      title={t('database.roles.title')}
      description={t('database.roles.description')}
      actions={
        <Button
          size="small"
          disabled={data === undefined}
          loading={file.busy}
          onClick={() => file.run({ role, name })}
        >
          {t('database.roles.save')}
        </Button>
      }
    >
      <Stack sx={{ gap: 2, pt: 1 }}>
        <Stack direction="row" sx={{ gap: 2, flexWrap: 'wrap' }}>
          <TextField
            select
            size="small"
            label={t('database.roles.role')}
            value={role}
            onChange={({ target }) => setRole(target.value as RoleKind)}
            helperText={t(`database.roles.may.${role}`)}
            sx={{ flex: '1 1 18rem', maxWidth: 420 }}
          >
            {roles.map((each) => (
              <MenuItem key={each} value={each}>
                {t(`database.roles.kind.${each}`)}
              </MenuItem>
            ))}
          </TextField>
          <TextField
            size="small"
            label={t('database.roles.name')}
            value={name}
            error={!isName}
            onChange={({ target }) => setTyped(target.value)}
            helperText={isName ? undefined : t('database.roles.noName')}
            slotProps={{ htmlInput: { autoComplete: 'off', spellCheck: false, dir: 'auto' } }}
            sx={{ flex: '1 1 18rem', maxWidth: 420 }}
          />
        </Stack>
        {query.error !== null ? (
          <ErrorState error={query.error} onRetry={() => void query.refetch()} />
        ) : data === undefined ? (
          isName && <LoadingLines lines={4} />
        ) : (
          <SqlText
            label={t('database.roles.sql')}
            fullLabel={t('database.roles.sqlOf', { role: t(`database.roles.kind.${role}`) })}
            sql={data.statements}
          />
        )}
      </Stack>
    </Section>
  );
}
