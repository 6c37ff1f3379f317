import { Autocomplete, TextField, Typography } from '@mui/material';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { LimitField } from '../../forms/limit-field';
import { knownRoles } from '../../../../shared/records/users';
import { roleLabel } from '../../records/role-label';
import type { DraftProps } from './draft';
import { TeamsField } from './teams-field';

/** What all who are created get: roles, teams, limits, and where they sign in. */
export function SharedFields({ draft, wrong, onChange }: DraftProps): ReactElement {
  const { t } = useTranslation();
  const isList = draft.how === 'list';
  const invalid = (name: string, help: string | undefined): string | undefined =>
    wrong.has(name) ? t('common.invalid') : help;
  return (
    <>
      <Typography variant="h3">{t(isList ? 'users.create.limitsForAll' : 'users.create.limits')}</Typography>
      <Autocomplete
        multiple
        freeSolo
        options={[...knownRoles]}
        value={[...draft.roles]}
        getOptionLabel={(role) => roleLabel(t, role)}
        onChange={(_event, roles) => onChange({ roles: [...new Set(roles.map((role) => role.trim()))] })}
        renderInput={(params) => (
          <TextField
            {...params}
            label={t('users.edit.roles')}
            error={wrong.has('roles')}
            helperText={invalid('roles', t('users.edit.rolesHelp'))}
          />
        )}
      />
      <TeamsField teams={draft.teams} onChange={(teams) => onChange({ teams })} />
      {(['maxBudget', 'tpmLimit', 'rpmLimit'] as const).map((name) => (
        <LimitField
          key={name}
          label={t(`users.edit.${name}`)}
          value={draft[name]}
          onChange={(value) => onChange({ [name]: value })}
          isWrong={wrong.has(name)}
          helperText={invalid(name, undefined)}
        />
      ))}
      <Typography variant="h3">{t('users.create.signIn')}</Typography>
      <Typography variant="body2" sx={{ color: 'text.secondary', mt: -1.5 }}>
        {t('users.create.signInHelp')}
      </Typography>
      <TextField
        fullWidth
        label={t('users.create.provider')}
        value={draft.oauthProvider}
        error={wrong.has('oauthProvider')}
        helperText={invalid('oauthProvider', isList ? t('users.create.oauthIdsHelp') : undefined)}
        onChange={(event) => onChange({ oauthProvider: event.target.value })}
        slotProps={{ htmlInput: { maxLength: 50, autoComplete: 'off', spellCheck: false, dir: 'auto' } }}
      />
      {!isList && (
        <TextField
          fullWidth
          label={t('users.create.oauthId')}
          value={draft.oauthId}
          error={wrong.has('oauthId')}
          helperText={invalid('oauthId', t('users.create.oauthIdHelp'))}
          onChange={(event) => onChange({ oauthId: event.target.value })}
          slotProps={{ htmlInput: { maxLength: 255, autoComplete: 'off', spellCheck: false, dir: 'auto' } }}
        />
      )}
    </>
  );
}
