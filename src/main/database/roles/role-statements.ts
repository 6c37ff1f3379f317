import { grouped } from '../../../shared/grouped';
import type { RoleKind } from '../../../shared/contract/database';
import { say } from '../../kernel/say';
import { quotedIdentifier } from '../../postgres/quoted-identifier';
import { ownSchemas, type RelationGrant, type RoleGrants, roleGrants } from './role-grants';

/** For which role, in which database, the statements are. */
export interface RoleWish {
  readonly role: RoleKind;
  /** What the person calls it. */
  readonly name: string;
  readonly database: string;
  /** The role is there already: it is granted what it needs, and not made. */
  readonly exists: boolean;
  /** For an owner: what belongs to others (`ALTER TABLE public.users`). */
  readonly others: readonly string[];
}

/**
 * The statements that make a role, in one transaction, for psql. They hold no password: it is set by psql's `\password`,
 * which sends its hash alone.
 */
export function roleStatements({ role, name, database, exists, others }: RoleWish): string {
  const who = quotedIdentifier(name);
  const where = quotedIdentifier(database);
  const statements =
    role === 'owner' ? ownerStatements(who, where, others) : grantStatements(roleGrants[role], who, where);
  const comments = [
    say(`database.roles.head.${role}`),
    say(`database.roles.runAs.${role === 'owner' ? 'owner' : 'others'}`, { database: where }),
  ];
  return [
    ...comments.map((text) => `-- ${text}`),
    '',
    'BEGIN;',
    '',
    ...(exists
      ? [`-- ${say('database.roles.exists', { role: who })}`]
      : [`CREATE ROLE ${who} LOGIN;`, `-- ${say('database.roles.password', { role: who })}`]),
    '',
    ...statements.flatMap((statement) => [statement, '']),
    'COMMIT;',
    '',
  ].join('\n');
}

function grantStatements(grants: RoleGrants, who: string, where: string): string[] {
  return [
    `GRANT ${grants.database.join(', ')} ON DATABASE ${where} TO ${who};`,
    `GRANT USAGE ON SCHEMA ${grants.schemas.join(', ')} TO ${who};`,
    ...relationStatements(grants.relations, who),
    `GRANT EXECUTE ON FUNCTION${list(grants.functions)}TO ${who};`,
  ];
}

/** Relations with the same privileges share a statement; what is granted by column has one of its own. */
function relationStatements(grants: readonly RelationGrant[], who: string): string[] {
  const whole = grouped(
    grants.filter(({ columns }) => columns === undefined),
    ({ relation }) => relation,
  );
  const alike = grouped([...whole], ([, its]) => its.map(({ privilege }) => privilege).join(', '));
  const byColumn = grants.filter(({ columns }) => columns !== undefined);
  return [
    ...[...alike].map(
      ([privileges, its]) => `GRANT ${privileges} ON${list(its.map(([relation]) => relation))}TO ${who};`,
    ),
    ...byColumn.map(
      ({ relation, privilege, columns = [] }) =>
        `GRANT ${privilege} (${columns.join(', ')})\n  ON ${relation} TO ${who};`,
    ),
  ];
}

const list = (names: readonly string[]): string => `\n  ${names.join(',\n  ')}\n`;

/** What migrating needs, and the objects that are there. */
function ownerStatements(who: string, where: string, others: readonly string[]): string[] {
  return [
    `GRANT CONNECT, CREATE, TEMPORARY ON DATABASE ${where} TO ${who};`,
    `GRANT USAGE, CREATE ON SCHEMA ${ownSchemas[0]} TO ${who};`,
    ...(others.length === 0 ? [] : [others.map((object) => `${object} OWNER TO ${who};`).join('\n')]),
  ];
}
