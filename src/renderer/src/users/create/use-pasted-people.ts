import type { UseQueryResult } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { AnswerOf, Contract } from '../../../../shared/contract/index';
import { parsePastedPeople, type PastedPeople } from '../../../../shared/pasted-people/parse-pasted-people';
import type { ApiError } from '../../api/api-error';
import { useProcedureQuery } from '../../api/use-procedure';
import { mostNamedTeams } from '../../../../shared/contract/teams';
import { pastedTeams, type PastedTeams } from './pasted-teams';
import { useDebounced } from '../../ui/use-debounced';
import {
  freshPeople,
  knownEdits,
  localPart,
  type Holder,
  type KnownEdits,
  type UsernameRule,
} from './new-people';

export interface PastedList extends KnownEdits, Pick<PastedTeams, 'unusable' | 'joins'> {
  readonly read: PastedPeople;
  readonly known: UseQueryResult<AnswerOf<Contract['users']['known']>, ApiError>;
  readonly holders: readonly Holder[];
  readonly fresh: ReturnType<typeof freshPeople>;
  /** How many new people are left out because of the teams that the table names. */
  readonly leftOut: number;
  /** Why the teams that the table names could not be looked up. */
  readonly teams: UseQueryResult<AnswerOf<Contract['teams']['named']>, ApiError>;
  /** Whether what is answered is about the text as it stands, and about all of it. */
  readonly isSettled: boolean;
}

/** What a pasted text says, and who of it is there already. */
export function usePastedPeople(text: string, rule: UsernameRule): PastedList {
  const settled = useDebounced(text);
  const read = useMemo(() => parsePastedPeople(settled), [settled]);
  const asked = useMemo(
    () => ({
      emails: read.people.map(({ email }) => email),
      usernames: [...new Set(read.people.map(({ email, username }) => username ?? localPart(email)))],
    }),
    [read],
  );
  const isAsking = read.people.length > 0;
  const known = useProcedureQuery('users', 'known', asked, { enabled: isAsking, staleTimeMs: 0 });
  const holders = known.data?.holders ?? [];
  const names = useMemo(
    () => [...new Set(read.people.flatMap(({ teams: named }) => named))].slice(0, mostNamedTeams),
    [read],
  );
  const isNaming = names.length > 0;
  const teams = useProcedureQuery('teams', 'named', { names }, { enabled: isNaming, staleTimeMs: 0 });
  const isRead = known.data !== undefined && (!isNaming || teams.data !== undefined);
  const { unusable, joins, teamsOf } = pastedTeams(
    isRead ? read.people : [],
    teams.data?.teams ?? [],
    holders,
  );
  const fresh = isRead ? freshPeople(read.people, rule, holders, known.data.usernames, teamsOf) : [];
  const held = new Set(holders.map(({ email }) => email));
  const isNew = ({ email }: { readonly email: string }): boolean => !held.has(email);
  return {
    teams,
    unusable,
    joins,
    leftOut: isRead ? read.people.filter(isNew).length - fresh.length : 0,
    read,
    known,
    holders,
    fresh,
    ...knownEdits(read.people, holders),
    isSettled:
      settled === text &&
      (!isAsking || (known.isSuccess && !known.isFetching)) &&
      (!isNaming || (teams.isSuccess && !teams.isFetching)),
  };
}
