import { Alert, Stack, TextField, Typography } from '@mui/material';
import { useMemo, type ReactElement, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Reference } from '../../../shared/contract/values';
import { maxPastedPeople, parsePastedPeople } from '../../../shared/pasted-people/parse-pasted-people';
import type { ApiError } from '../api/api-error';
import { useProcedureQuery } from '../api/use-procedure';
import { FoundRecordsField } from './found-records-field';
import { formatCount } from '../ui/format';
import { ErrorState } from '../ui/states';
import { useDebounced } from '../ui/use-debounced';

const shownAddresses = 20;

/** People who were found by name, and the text of addresses that was pasted. */
export interface PickedPeople {
  readonly found: readonly Reference[];
  readonly text: string;
}

export const emptyPeople: PickedPeople = { found: [], text: '' };

export const isSomebody = ({ found, text }: PickedPeople): boolean => found.length > 0 || text !== '';

export interface ReadPeople {
  readonly userIds: readonly string[];
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
export function usePickedPeople({ found, text }: PickedPeople): ReadPeople {
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
    userIds: [...new Set([...found.map(({ id }) => id), ...pasted])],
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
  /** What else is asked of them all. */
  readonly children?: ReactNode;
}

/** Picks people by name or by a pasted list. */
export function PeopleField({ people, picked, onChange, children }: PeopleFieldProps): ReactElement {
  const { t } = useTranslation();
  const count = picked.userIds.length;
  return (
    <Stack sx={{ gap: 2 }}>
      <FoundRecordsField
        area="users"
        label={t('records.people.find')}
        chosen={people.found}
        toChosen={(user) => user}
        onChange={(found) => onChange({ ...people, found })}
      />
      <TextField
        fullWidth
        multiline
        minRows={3}
        maxRows={8}
        label={t('records.people.paste')}
        helperText={t('records.people.pasteHelp')}
        value={people.text}
        onChange={(event) => onChange({ ...people, text: event.target.value })}
        slotProps={{ htmlInput: { autoComplete: 'off', spellCheck: false, dir: 'auto' } }}
      />
      {children}
      <Typography variant="body2" role="status">
        {!picked.isSettled && picked.failure === null
          ? t('users.create.looking')
          : count > 0 && t('records.people.picked', { count, formatted: formatCount(count) })}
      </Typography>
      {picked.failure !== null && (
        <ErrorState
          error={picked.failure.error}
          title={t('users.create.lookFailed')}
          onRetry={picked.failure.onRetry}
        />
      )}
      {picked.isCut && (
        <Alert severity="error">{t('records.people.cut', { formatted: formatCount(maxPastedPeople) })}</Alert>
      )}
      {(['unknown', 'ambiguous'] as const).map(
        (kind) =>
          picked[kind].length > 0 && (
            <Alert key={kind} severity="warning" sx={{ overflowWrap: 'anywhere' }}>
              {t(`records.people.${kind}`, {
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
