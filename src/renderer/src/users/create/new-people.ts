import type { AnswerOf, Contract } from '../../../../shared/contract/index';
import type { NewUser, UserEdit } from '../../../../shared/contract/users';
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

/**
 * What a table says of those who are there already and active. Whose address several have, upper and lower case aside,
 * is left out: nobody knows who of them is meant.
 */
export function knownEdits(people: readonly PastedPerson[], holders: readonly Holder[]): UserEdit[] {
  return people.flatMap(({ email, values }) => {
    const [holder, ...others] = holders.filter((each) => each.email === email);
    if (holder === undefined || others.length > 0 || !holder.isActive) return [];
    const { id, version } = holder;
    return Object.keys(values).length === 0 ? [] : [{ id, version, changes: { ...values } }];
  });
}

const keyOf = (name: string): string => name.toLowerCase();
