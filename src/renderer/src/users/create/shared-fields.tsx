import { Typography } from '@mui/material';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { fieldName } from '../../review/field-values';
import { knownRoles } from '../../../../shared/records/users';
import { FormLimit, FormNames, FormText } from '../../forms/form-fields';
import { roleLabel } from '../../records/role-label';
import type { Draft, DraftProps } from './draft';
import { TeamsField } from './teams-field';

/** What all who are created get: roles, teams, limits, and where they sign in. */
export function SharedFields({ draft, onChange }: DraftProps): ReactElement {
  const { t } = useTranslation();
  const isList = draft.how === 'list';
  return (
    <>
      <Typography variant="h3">{t(isList ? 'users.create.limitsForAll' : 'users.create.limits')}</Typography>
      <FormNames<Draft>
        name="roles"
        label={fieldName(t, 'roles')}
        help={t('users.edit.rolesHelp')}
        options={knownRoles}
        labelOf={(role) => roleLabel(t, role)}
      />
      <TeamsField teams={draft.teams} onChange={(teams) => onChange({ teams })} />
      {(['maxBudget', 'tpmLimit', 'rpmLimit'] as const).map((name) => (
        <FormLimit<Draft> key={name} name={name} label={fieldName(t, name)} />
      ))}
      <Typography variant="h3">{t('users.create.signIn')}</Typography>
      <Typography variant="body2" sx={{ color: 'text.secondary', mt: -1.5 }}>
        {t('users.create.signInHelp')}
      </Typography>
      <FormText<Draft>
        name="oauthProvider"
        label={t('users.create.provider')}
        help={isList ? t('users.create.oauthIdsHelp') : undefined}
        maxLength={50}
      />
      {!isList && (
        <FormText<Draft>
          name="oauthId"
          label={t('users.create.oauthId')}
          help={t('users.create.oauthIdHelp')}
        />
      )}
    </>
  );
}
