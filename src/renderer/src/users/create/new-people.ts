import type { AnswerOf, Contract } from '../../../../shared/contract/index';
import type { NewUser, UserEdit } from '../../../../shared/contract/users';
import { grouped } from '../../../../shared/grouped';
import type { PastedPerson, PastedValues } from '../../../../shared/pasted-people/parse-pasted-people';

/** How people get a username where a list says none. */
export type UsernameRule = 'local' | 'address';

/** Who of a list is there already: an address may belong to several. */
export type Holder = AnswerOf<Contract['users']['known']>['holders'][number];

type Person = Pick<NewUser, 'username' | 'email' | 'fullName' | 'oauthId'> & PastedValues;

/** The part of an address before the @. */
export function localPart(email: string): string {
  return email.slice(0, email.lastIndexOf('@'));
}

/**
 * Those whose address nobody has, each with a username: the list's own, else by the rule. A short one goes to the first
 * who asks for it; whoever comes later, or would take somebody's, has the whole address.
 * @param taken usernames that somebody has.
 */
export function freshPeople(
  people: readonly PastedPerson[],
  rule: UsernameRule,
  holders: readonly Holder[],
  taken: readonly string[],
): Person[] {
  const held = new Set(holders.map(({ email }) => email));
  const fresh = people.filter(({ email }) => !held.has(email));
  const used = new Set([...taken, ...fresh.map(({ username }) => username ?? '')].map(keyOf));
  return fresh.map(({ email, username, fullName, oauthId, values }) => {
    const short = localPart(email);
    const isFree = rule === 'local' && !used.has(keyOf(short));
    if (isFree && username === null) used.add(keyOf(short));
    // What the table says is theirs; the rest they get with all the others.
    return { ...values, username: username ?? (isFree ? short : email), email, fullName, oauthId };
  });
}

/** What a table says of those who are there already, and whom that may be about. */
export interface KnownEdits {
  readonly edits: readonly UserEdit[];
  /** Addresses that several active people have, upper and lower case aside: nobody knows who of them is meant. */
  readonly ambiguous: readonly string[];
}

/** What a table says of those who are there already. Who is switched off has no part in it. */
export function knownEdits(people: readonly PastedPerson[], holders: readonly Holder[]): KnownEdits {
  const active = grouped(
    holders.filter(({ isActive }) => isActive),
    ({ email }) => email,
  );
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
