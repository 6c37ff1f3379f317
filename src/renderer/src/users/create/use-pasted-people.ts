import type { UseQueryResult } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { AnswerOf, Contract } from '../../../../shared/contract/index';
import { parsePastedPeople, type PastedPeople } from '../../../../shared/pasted-people/parse-pasted-people';
import type { ApiError } from '../../api/api-error';
import { useProcedureQuery } from '../../api/use-procedure';
import { useDebounced } from '../../ui/use-debounced';
import {
  freshPeople,
  knownEdits,
  localPart,
  type Holder,
  type KnownEdits,
  type UsernameRule,
} from './new-people';

export interface PastedList extends KnownEdits {
  readonly read: PastedPeople;
  readonly known: UseQueryResult<AnswerOf<Contract['users']['known']>, ApiError>;
  readonly holders: readonly Holder[];
  readonly fresh: ReturnType<typeof freshPeople>;
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
  return {
    read,
    known,
    holders,
    fresh: known.data === undefined ? [] : freshPeople(read.people, rule, holders, known.data.usernames),
    ...knownEdits(read.people, holders),
    isSettled: settled === text && (!isAsking || (known.isSuccess && !known.isFetching)),
  };
}
