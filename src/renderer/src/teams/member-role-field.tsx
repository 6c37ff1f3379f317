import { MenuItem, TextField } from '@mui/material';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { JoiningMember } from '../../../shared/contract/teams';

const roles = ['member', 'admin'] as const satisfies readonly JoiningMember['role'][];

interface MemberRoleFieldProps {
  readonly role: JoiningMember['role'];
  readonly onChange: (role: JoiningMember['role']) => void;
}

/** As what somebody joins a team. */
export function MemberRoleField({ role, onChange }: MemberRoleFieldProps): ReactElement {
  const { t } = useTranslation();
  return (
    <TextField
      select
      fullWidth
      label={t('teams.page.memberRole')}
      value={role}
      onChange={(event) => onChange(roles.find((each) => each === event.target.value) ?? role)}
    >
      {roles.map((each) => (
        <MenuItem key={each} value={each}>
          {t(`teams.page.memberRoles.${each}`)}
        </MenuItem>
      ))}
    </TextField>
  );
}
