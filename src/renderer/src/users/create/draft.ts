import { newUserDefaults, type JoinedTeam } from '../../../../shared/contract/users';
import type { UsernameRule } from './new-people';

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
  ...newUserDefaults,
};

/** Whether closing would lose something that somebody entered. */
export function isDirty(draft: Draft): boolean {
  return JSON.stringify({ ...draft, how: emptyDraft.how }) !== JSON.stringify(emptyDraft);
}

/** What the parts of the panel are given. */
export interface DraftProps {
  readonly draft: Draft;
  readonly wrong: ReadonlySet<string>;
  readonly onChange: (change: Partial<Draft>) => void;
}
