import { MenuItem, TextField } from '@mui/material';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Reference } from '../../../shared/contract/values';
import { useProcedureQuery } from '../api/use-procedure';
import { visibleName } from '../ui/visible-name';

interface OwnersTeamFieldProps {
  readonly label: string;
  /** Undefined: not chosen yet. */
  readonly ownerId: string | undefined;
  /** The team that the key has now, whoever is in it. */
  readonly current: Reference | null;
  /** NULL: a personal key. */
  readonly value: string | null;
  readonly onChange: (teamId: string | null) => void;
  readonly isWrong: boolean;
}

/** A key belongs to nobody's team but its owner's. */
export function OwnersTeamField(props: OwnersTeamFieldProps): ReactElement {
  const { label, ownerId, current, value, onChange, isWrong } = props;
  const { t } = useTranslation();
  const found = useProcedureQuery(
    'teams',
    'list',
    { filters: { userId: ownerId }, pageSize: 100 },
    { enabled: ownerId !== undefined },
  );
  const teams = new Map<string, string>([
    ...(found.data?.rows ?? []).map(({ id, name }) => [id, name] as const),
    ...(current === null ? [] : [[current.id, current.label] as const]),
  ]);
  return (
    <TextField
      select
      fullWidth
      label={label}
      value={value ?? ''}
      error={isWrong}
      disabled={ownerId === undefined}
      helperText={t('apiKeys.edit.teamHelp')}
      onChange={(event) => onChange(event.target.value === '' ? null : event.target.value)}
      // No team is a choice, and is read like one.
      slotProps={{ inputLabel: { shrink: true }, select: { displayEmpty: true } }}
    >
      <MenuItem value="">{t('records.noTeam')}</MenuItem>
      {[...teams].map(([id, name]) => (
        <MenuItem key={id} value={id}>
          {visibleName(name)}
        </MenuItem>
      ))}
    </TextField>
  );
}
