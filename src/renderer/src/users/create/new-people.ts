import type { AnswerOf, Contract } from '../../../../shared/contract/index';
import type { NewUser, UserEdit } from '../../../../shared/contract/users';
import { grouped } from '../../../../shared/grouped';
import type { PastedTeams } from './pasted-teams';
import type { PastedPerson, PastedValues } from '../../../../shared/pasted-people/parse-pasted-people';

/** How people get a username where a list says none. */
export type UsernameRule = 'local' | 'address';

/** Who of a list is there already: an address may belong to several. */
export type Holder = AnswerOf<Contract['users']['known']>['holders'][number];

type Person = Pick<NewUser, 'username' | 'email' | 'fullName' | 'oauthId' | 'teams'> & PastedValues;

/** The part of an address before the @. */
export function localPart(email: string): string {
  return email.slice(0, email.lastIndexOf('@'));
}

/**
 * Those whose address nobody has, each with a username: the list's own, else by the rule. A short one goes to the first
 * who asks for it; whoever comes later, or would take somebody's, has the whole address.
 * @param taken usernames that somebody has.
 * @param teamsOf the teams that a table puts somebody into; whoever has null is left out.
 */
export function freshPeople(
  people: readonly PastedPerson[],
  rule: UsernameRule,
  holders: readonly Holder[],
  taken: readonly string[],
  teamsOf: PastedTeams['teamsOf'],
): Person[] {
  const held = new Set(holders.map(({ email }) => email));
  const fresh = people.filter(({ email }) => !held.has(email));
  const used = new Set([...taken, ...fresh.map(({ username }) => username ?? '')].map(keyOf));
  return fresh.flatMap((person): Person[] => {
    const { email, username, fullName, oauthId, values } = person;
    const teams = teamsOf(person);
    if (teams === null) return [];
    const short = localPart(email);
    const isFree = rule === 'local' && !used.has(keyOf(short));
    if (isFree && username === null) used.add(keyOf(short));
    // What the table says is theirs; the rest they get with all the others.
    return [{ ...values, username: username ?? (isFree ? short : email), email, fullName, oauthId, teams }];
  });
}

/** What a table says of those who are there already, and whom that may be about. */
export interface KnownEdits {
  readonly edits: readonly UserEdit[];
  /** Addresses that several active people have, upper and lower case aside: nobody knows who of them is meant. */
  readonly ambiguous: readonly string[];
}

/** By address; who is switched off has no part in it. */
export function activeHolders(holders: readonly Holder[]): ReadonlyMap<string, readonly Holder[]> {
  return grouped(
    holders.filter(({ isActive }) => isActive),
    ({ email }) => email,
  );
}

/** What a table says of those who are there already. Who is switched off has no part in it. */
export function knownEdits(people: readonly PastedPerson[], holders: readonly Holder[]): KnownEdits {
  const active = activeHolders(holders);
  const said = people.filter(({ values }) => Object.keys(values).length > 0);
  return {
    edits: said.flatMap(({ email, values }) => {
      const [holder, ...others] = active.get(email) ?? [];
      if (holder === undefined || others.length > 0) return [];
      return [{ id: holder.id, version: holder.version, changes: { ...values } }];
    }),
    ambiguous: said.map(({ email }) => email).filter((email) => (active.get(email) ?? []).length > 1),
  };
}

const keyOf = (name: string): string => name.toLowerCase();
