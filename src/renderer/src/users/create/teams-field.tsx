import { MenuItem, Stack, TextField } from '@mui/material';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { FoundRecordsField } from '../../records/found-records-field';
import { defaultTeamId } from '../../../../shared/default-team';
import { visibleName } from '../../ui/visible-name';
import type { Draft } from './draft';

type Teams = Draft['teams'];

interface TeamsFieldProps {
  readonly teams: Teams;
  readonly onChange: (teams: Teams) => void;
}

const roles = ['member', 'admin'] as const;

/** The teams that are joined besides the Default Team, each with a role. */
export function TeamsField({ teams, onChange }: TeamsFieldProps): ReactElement {
  const { t } = useTranslation();
  return (
    <Stack sx={{ gap: 1.5 }}>
      <FoundRecordsField
        area="teams"
        label={t('users.create.team')}
        help={t('users.create.teamHelp')}
        chosen={teams}
        toChosen={(team) => (team.id === defaultTeamId ? null : { ...team, role: 'member' as const })}
        onChange={onChange}
      />
      {teams.map((team) => (
        <TextField
          key={team.id}
          select
          fullWidth
          label={t('users.create.teamRole', { team: visibleName(team.label) })}
          value={team.role}
          onChange={(event) => {
            const role = roles.find((each) => each === event.target.value) ?? team.role;
            onChange(teams.map((each) => (each.id === team.id ? { ...each, role } : each)));
          }}
        >
          {roles.map((role) => (
            <MenuItem key={role} value={role}>
              {t(`users.create.teamRoles.${role}`)}
            </MenuItem>
          ))}
        </TextField>
      ))}
    </Stack>
  );
}
