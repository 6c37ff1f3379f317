import type pg from 'pg';
import { AppError } from '../../../shared/errors';
import { say } from '../../kernel/say';
import { quotedIdentifier } from '../quoted-identifier';
import { visibleIdentifier } from '../visible-identifier';
import { describeOthers, describePowers } from './describe-risk';
import { findSuperuserRisk, type SuperuserRisk } from './find-superuser-risk';

/**
 * Asks what `findSuperuserRisk` does, before anything else of the database is read.
 * @param accepted the person chose to be this role here, knowing the risk.
 * @throws AppError `db_superuser` where there is a risk that nobody accepted.
 */
export async function refuseSuperuser(
  client: pg.ClientBase,
  accepted: boolean,
): Promise<SuperuserRisk | null> {
  const risk = await findSuperuserRisk(client);
  if (risk !== null && !accepted) throw superuserRefused(risk);
  return risk;
}

/** The refusal, with who is meant by `others` (one a line) in its details and the way around in its hint. */
function superuserRefused(risk: SuperuserRisk): AppError {
  const [user, database] = [visibleIdentifier(risk.role), visibleIdentifier(risk.database)];
  const owner = risk.ordinaryOwner === null ? null : visibleIdentifier(risk.ordinaryOwner);
  const ways = [
    owner === null ? say('superuser.beOrdinary') : say('superuser.beOwner', { owner }),
    ...revocations(risk),
  ];
  return new AppError(
    'db_superuser',
    say('superuser.refused', { user, database, powers: describePowers(risk) }),
    {
      hint: ways.join(' '),
      details: { reason: 'superuser', role: user, others: describeOthers(risk).join('\n') },
    },
  );
}

/** Where nobody but the holders of rights to create is in the way: what takes those away. */
function revocations({ others, otherCount }: SuperuserRisk): string[] {
  if (others.length < otherCount || !others.every(({ kind }) => kind === 'createsIn')) return [];
  const statements = others.map(({ role, name }) => {
    const grantee = role === null ? 'PUBLIC' : quotedIdentifier(role);
    return `REVOKE CREATE ON SCHEMA ${quotedIdentifier(name ?? '')} FROM ${grantee};`;
  });
  return [say('superuser.revoke', { statements: statements.join(' ') })];
}
