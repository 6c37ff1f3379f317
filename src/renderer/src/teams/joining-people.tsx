import type { ReactElement } from 'react';
import type { JoiningMember } from '../../../shared/contract/teams';
import {
  emptyPeople,
  PeopleField,
  type PickedPeople,
  type ReadPeople,
  usePickedPeople,
} from '../records/people-field';
import { MemberRoleField } from './member-role-field';

/** Who is to join a team, and as what. */
export interface JoiningPeople extends PickedPeople {
  readonly role: JoiningMember['role'];
}

export const nobodyJoins: JoiningPeople = { ...emptyPeople, role: 'member' };

interface ReadJoining extends ReadPeople {
  readonly members: readonly JoiningMember[];
}

/** Finds who joins, with the role that all of them get. */
export function useJoiningPeople({ role, ...people }: JoiningPeople): ReadJoining {
  const picked = usePickedPeople(people);
  return { ...picked, members: picked.userIds.map((userId) => ({ userId, role })) };
}

interface JoiningPeopleFieldProps {
  readonly people: JoiningPeople;
  readonly picked: ReadJoining;
  readonly onChange: (people: JoiningPeople) => void;
}

/** Picks people by name or by a pasted list, and the role they get. */
export function JoiningPeopleField({ people, picked, onChange }: JoiningPeopleFieldProps): ReactElement {
  return (
    <PeopleField people={people} picked={picked} onChange={(next) => onChange({ ...people, ...next })}>
      <MemberRoleField role={people.role} onChange={(role) => onChange({ ...people, role })} />
    </PeopleField>
  );
}
