import { say } from '../../kernel/say';
import { visibleIdentifier } from '../visible-identifier';
import type { OtherHand, SuperuserRisk } from './find-superuser-risk';

/** What the role can do beyond the database: “a superuser”, “a member of pg_execute_server_program”. */
export function describePowers({ powers }: Pick<SuperuserRisk, 'powers'>): string {
  if (powers.includes('superuser')) return say('superuser.powers.superuser');
  const predefined = powers.filter((power) => power !== 'createrole');
  return predefined.length > 0
    ? say('superuser.powers.member', { roles: predefined.join(', ') })
    : say('superuser.powers.createRole');
}

/** Who else owns or may create what, one line for each; the last says how many more there are. */
export function describeOthers({
  others,
  otherCount,
}: Pick<SuperuserRisk, 'others' | 'otherCount'>): string[] {
  const lines = others.map(describeHand);
  const more = otherCount - others.length;
  return more > 0 ? [...lines, say('superuser.more', { count: more })] : lines;
}

function describeHand({ role, kind, name, count }: OtherHand): string {
  return say(`superuser.hands.${kind}`, {
    role: role === null ? say('superuser.everybody') : `“${visibleIdentifier(role)}”`,
    name: `“${visibleIdentifier(name ?? '')}”`,
    count,
  });
}
