import { Alert, Stack, TextField, Typography } from '@mui/material';
import { useMemo, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { JoiningMember } from '../../../shared/contract/teams';
import type { Reference } from '../../../shared/contract/values';
import { maxPastedPeople, parsePastedPeople } from '../../../shared/pasted-people/parse-pasted-people';
import type { ApiError } from '../api/api-error';
import { useProcedureQuery } from '../api/use-procedure';
import { FoundRecordsField } from '../records/found-records-field';
import { formatCount } from '../ui/format';
import { ErrorState } from '../ui/states';
import { useDebounced } from '../ui/use-debounced';
import { MemberRoleField } from './member-role-field';

const shownAddresses = 20;

/** Who is to join a team: found by name, or by the addresses that were pasted. */
export interface PickedPeople {
  readonly found: readonly Reference[];
  readonly text: string;
  readonly role: JoiningMember['role'];
}

export const emptyPeople: PickedPeople = { found: [], text: '', role: 'member' };

export const isSomebody = ({ found, text }: PickedPeople): boolean => found.length > 0 || text !== '';

interface ReadPeople {
  readonly members: readonly JoiningMember[];
  /** Addresses that nobody has, or several people; and lines that hold none. */
  readonly unknown: readonly string[];
  readonly ambiguous: readonly string[];
  /** Whether what is answered is about the text as it stands. */
  readonly isSettled: boolean;
  /** There was more in the text than is read. */
  readonly isCut: boolean;
  /** Why whose the addresses are could not be looked up, and trying again. */
  readonly failure: { readonly error: ApiError; readonly onRetry: () => void } | null;
}

/** Finds whom the addresses belong to. Who is switched off is told apart by the review. */
export function usePickedPeople({ found, text, role }: PickedPeople): ReadPeople {
  const settled = useDebounced(text);
  const read = useMemo(() => parsePastedPeople(settled), [settled]);
  const emails = useMemo(() => read.people.map(({ email }) => email), [read]);
  const isAsking = emails.length > 0;
  const known = useProcedureQuery('users', 'known', { emails, usernames: [] }, { enabled: isAsking });
  const holders = known.data?.holders ?? [];
  // Who was merged into another keeps the address, and is switched off.
  const holdersOf = (email: string) => {
    const all = holders.filter((holder) => holder.email === email);
    const active = all.filter(({ isActive }) => isActive);
    return active.length > 0 ? active : all;
  };
  const pasted = emails.flatMap((email) => {
    const [only, ...others] = holdersOf(email);
    return only !== undefined && others.length === 0 ? [only.id] : [];
  });
  return {
    members: [...new Set([...found.map(({ id }) => id), ...pasted])].map((userId) => ({ userId, role })),
    unknown:
      isAsking && known.data === undefined
        ? []
        : [
            ...emails.filter((email) => holdersOf(email).length === 0),
            ...read.problems.filter(({ reason }) => reason !== 'duplicate').map((problem) => problem.text),
          ],
    ambiguous: emails.filter((email) => holdersOf(email).length > 1),
    isSettled: settled === text && (!isAsking || (known.isSuccess && !known.isFetching)),
    isCut: read.isCut,
    failure: known.error === null ? null : { error: known.error, onRetry: () => void known.refetch() },
  };
}

interface PeopleFieldProps {
  readonly people: PickedPeople;
  readonly picked: ReadPeople;
  readonly onChange: (people: PickedPeople) => void;
}

/** Picks people by name or by a pasted list, and the role they get. */
export function PeopleField({ people, picked, onChange }: PeopleFieldProps): ReactElement {
  const { t } = useTranslation();
  const count = picked.members.length;
  return (
    <Stack sx={{ gap: 2 }}>
      <FoundRecordsField
        area="users"
        label={t('teams.members.find')}
        chosen={people.found}
        toChosen={(user) => user}
        onChange={(found) => onChange({ ...people, found })}
      />
      <TextField
        fullWidth
        multiline
        minRows={3}
        maxRows={8}
        label={t('teams.members.paste')}
        helperText={t('teams.members.pasteHelp')}
        value={people.text}
        onChange={(event) => onChange({ ...people, text: event.target.value })}
        slotProps={{ htmlInput: { autoComplete: 'off', spellCheck: false, dir: 'auto' } }}
      />
      <MemberRoleField role={people.role} onChange={(role) => onChange({ ...people, role })} />
      <Typography variant="body2" role="status">
        {!picked.isSettled && picked.failure === null
          ? t('users.create.looking')
          : count > 0 && t('teams.members.picked', { count, formatted: formatCount(count) })}
      </Typography>
      {picked.failure !== null && (
        <ErrorState
          error={picked.failure.error}
          title={t('users.create.lookFailed')}
          onRetry={picked.failure.onRetry}
        />
      )}
      {picked.isCut && (
        <Alert severity="error">{t('teams.members.cut', { formatted: formatCount(maxPastedPeople) })}</Alert>
      )}
      {(['unknown', 'ambiguous'] as const).map(
        (kind) =>
          picked[kind].length > 0 && (
            <Alert key={kind} severity="warning" sx={{ overflowWrap: 'anywhere' }}>
              {t(`teams.members.${kind}`, {
                count: picked[kind].length,
                formatted: formatCount(picked[kind].length),
              })}{' '}
              <bdi>{picked[kind].slice(0, shownAddresses).join(', ')}</bdi>
            </Alert>
          ),
      )}
    </Stack>
  );
}
