import { Autocomplete, MenuItem, Stack, TextField } from '@mui/material';
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useProcedureQuery } from '../../api/use-procedure';
import { useDebounced } from '../../ui/use-debounced';
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
  const [isOpen, setIsOpen] = useState(false);
  const [text, setText] = useState('');
  const search = useDebounced(text);
  const found = useProcedureQuery(
    'teams',
    'options',
    { search, ids: [] },
    { enabled: isOpen, keepPrevious: true },
  );
  return (
    <Stack sx={{ gap: 1.5 }}>
      <Autocomplete
        multiple
        open={isOpen}
        onOpen={() => setIsOpen(true)}
        onClose={() => setIsOpen(false)}
        options={(found.data?.options ?? [])
          .filter(({ id }) => id !== defaultTeamId)
          .map((option) => ({ ...option, role: 'member' as const }))}
        value={[...teams]}
        onChange={(_event, chosen) => onChange(chosen)}
        onInputChange={(_event, next, reason) => setText(reason === 'input' ? next : '')}
        // Main has searched already.
        filterOptions={(all) => all.slice()}
        filterSelectedOptions
        getOptionKey={({ id }) => id}
        getOptionLabel={({ label }) => visibleName(label)}
        isOptionEqualToValue={(option, chosen) => option.id === chosen.id}
        loading={found.isFetching}
        renderInput={(params) => (
          <TextField {...params} label={t('users.create.team')} helperText={t('users.create.teamHelp')} />
        )}
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
