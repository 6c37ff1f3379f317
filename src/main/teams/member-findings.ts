import { sql } from 'drizzle-orm';
import type { ChangeFinding, ChangePreview } from '../../shared/contract/changes';
import type { MemberKey } from '../../shared/contract/teams';
import { reference } from '../../shared/contract/values';
import { say } from '../kernel/say';
import type { Connection } from '../postgres/database';
import { from } from '../postgres/relations';

const shownNames = 20;

/** Those of several people who are switched off: as members they can do nothing. */
export async function inactivePeople({ select }: Connection, ids: readonly string[]) {
  if (ids.length === 0) return [];
  return select(
    reference,
    sql`
    SELECT u.id::text AS id, u.username AS label FROM ${from('users', 'u')}
    WHERE u.id = ANY(${sql.param([...ids])}::uuid[]) AND NOT u.is_active ORDER BY u.username`,
  );
}

export const namesOf = (named: readonly Pick<MemberKey, 'label'>[]): string =>
  [...named.slice(0, shownNames).map(({ label }) => label), ...(named.length > shownNames ? ['…'] : [])].join(
    ', ',
  );

/** A finding that names whom it is about; none where it is about nobody. */
export function findingOf(
  severity: ChangeFinding['severity'],
  text:
    | 'changes.members.alreadyThere'
    | 'changes.members.inactive'
    | 'changes.members.teamOff'
    | 'changes.members.keysEnd'
    | 'changes.members.keysKept'
    | 'changes.members.noCeiling'
    | 'changes.members.keysMove',
  about: readonly { readonly id: string; readonly label: string }[],
): ChangeFinding[] {
  if (about.length === 0) return [];
  const examples = about.slice(0, shownNames).map(({ id, label }) => ({ id, label }));
  return [{ severity, text: say(text, { names: namesOf(about) }), count: about.length, examples }];
}

/** What there is to say besides what the rules say. */
export function withFindings(preview: ChangePreview, findings: readonly ChangeFinding[]): ChangePreview {
  return { ...preview, findings: [...preview.findings, ...findings].slice(0, 50) };
}
