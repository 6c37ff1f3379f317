import type { Resolver } from 'react-hook-form';
import { newUser, newUserDefaults, type JoinedTeam, type NewUser } from '../../../../shared/contract/users';
import type { Reference } from '../../../../shared/contract/values';
import { errorsOf } from '../../forms/errors-of';
import { localPart, type UsernameRule } from './new-people';

/** What is entered in the panel. Texts are as they stand in their fields. */
export interface Draft {
  readonly how: 'one' | 'list';
  readonly username: string;
  readonly email: string;
  readonly fullName: string;
  readonly oauthId: string;
  readonly text: string;
  readonly usernameRule: UsernameRule;
  readonly roles: readonly string[];
  readonly teams: readonly (JoinedTeam & { readonly label: string })[];
  /** What they are subscribed to. */
  readonly models: readonly Reference[];
  readonly maxBudget: string | null;
  readonly tpmLimit: string | null;
  readonly rpmLimit: string | null;
  readonly oauthProvider: string;
}

export const emptyDraft: Draft = {
  how: 'one',
  username: '',
  email: '',
  fullName: '',
  oauthId: '',
  text: '',
  usernameRule: 'local',
  teams: [],
  models: [],
  ...newUserDefaults,
};

/** Whether closing would lose something that somebody entered. */
export function differs(draft: Draft): boolean {
  return JSON.stringify({ ...draft, how: emptyDraft.how }) !== JSON.stringify(emptyDraft);
}

/** What everybody who is created gets. */
export function sharedOf({ roles, maxBudget, tpmLimit, rpmLimit, oauthProvider }: Draft) {
  return { roles: [...roles], maxBudget, tpmLimit, rpmLimit, oauthProvider };
}

/** The one who is described. An empty field is none; without a username it is the part of the address before the @. */
export function onePerson(draft: Draft): NewUser {
  const orNone = (text: string): string | null => (text.trim() === '' ? null : text);
  return {
    ...sharedOf(draft),
    username: draft.username.trim() === '' ? localPart(draft.email) : draft.username,
    email: orNone(draft.email),
    fullName: orNone(draft.fullName),
    oauthId: orNone(draft.oauthId),
  };
}

const sharedPart = newUser.pick({
  roles: true,
  maxBudget: true,
  tpmLimit: true,
  rpmLimit: true,
  oauthProvider: true,
});

/** Says at the fields what is no value; whoever was pasted has been read already. */
export const checkDraft: Resolver<Draft> = (draft) => {
  const { error } =
    draft.how === 'list' ? sharedPart.safeParse(sharedOf(draft)) : newUser.safeParse(onePerson(draft));
  return error === undefined ? { values: draft, errors: {} } : { values: {}, errors: errorsOf<Draft>(error) };
};

/** What the parts of the panel are given. */
export interface DraftProps {
  readonly draft: Draft;
  readonly onChange: (change: Partial<Draft>) => void;
}
