import type { NamedTeam } from '../../../../shared/contract/teams';
import { mostJoinedTeams, type JoinedTeam } from '../../../../shared/contract/users';
import { defaultTeamId } from '../../../../shared/default-team';
import { grouped } from '../../../../shared/grouped';
import type { PastedPerson } from '../../../../shared/pasted-people/parse-pasted-people';
import { activeHolders, type Holder } from './new-people';

/** A name in a table's column of teams by which nobody can be put into a team. */
export interface UnusableName {
  readonly name: string;
  /** None has it, several have it, or the one that has it is switched off. */
  readonly reason: 'unknown' | 'ambiguous' | 'off';
  readonly teams: readonly NamedTeam[];
}

/** People who are there already, and the team that a table wants them in. */
export interface TeamJoin {
  readonly team: NamedTeam;
  readonly userIds: readonly string[];
}

export interface PastedTeams {
  readonly unusable: readonly UnusableName[];
  readonly joins: readonly TeamJoin[];
  /** The teams of somebody of the list; null where one of the names is of no use: the line is left alone. */
  teamsOf(person: Pick<PastedPerson, 'teams'>): JoinedTeam[] | null;
}

/** What a table's column of teams comes to. A name decides only where one team has it. */
export function pastedTeams(
  people: readonly PastedPerson[],
  found: readonly NamedTeam[],
  holders: readonly Holder[],
): PastedTeams {
  const byName = grouped(found, ({ name }) => name);
  const reasonAgainst = (name: string): UnusableName['reason'] | null => {
    const [only, ...others] = byName.get(name) ?? [];
    if (only === undefined) return 'unknown';
    if (others.length > 0) return 'ambiguous';
    return only.isActive ? null : 'off';
  };
  const meant = ({ teams }: Pick<PastedPerson, 'teams'>): NamedTeam[] | null => {
    if (teams.some((name) => reasonAgainst(name) !== null)) return null;
    // Everybody joins the Default Team anyway; a name and an alias may mean one team.
    const named = teams.flatMap((name) => byName.get(name) ?? []).filter(({ id }) => id !== defaultTeamId);
    const distinct = [...new Map(named.map((team) => [team.id, team])).values()];
    return distinct.length > mostJoinedTeams ? null : distinct;
  };
  const active = activeHolders(holders);
  const joining = people.flatMap((person) => {
    const [holder, ...others] = active.get(person.email) ?? [];
    if (holder === undefined || others.length > 0) return [];
    return (meant(person) ?? []).map((team) => ({ team, userId: holder.id }));
  });
  return {
    unusable: [...new Set(people.flatMap(({ teams }) => teams))].flatMap((name) => {
      const reason = reasonAgainst(name);
      return reason === null ? [] : [{ name, reason, teams: byName.get(name) ?? [] }];
    }),
    joins: [...grouped(joining, ({ team }) => team.id).values()].flatMap((those) => {
      const [first] = those;
      return first === undefined
        ? []
        : [{ team: first.team, userIds: [...new Set(those.map(({ userId }) => userId))] }];
    }),
    teamsOf: (person) => meant(person)?.map(({ id }) => ({ id, role: 'member' })) ?? null,
  };
}
