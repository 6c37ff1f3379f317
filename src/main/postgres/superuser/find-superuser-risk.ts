import type pg from 'pg';
import { othersQuery, powersQuery } from './risk-queries';

/** One thing that a role other than the session's own, or PUBLIC, owns or may do. */
export interface OtherHand {
  /** The role's name; NULL for PUBLIC: everybody who can connect. */
  readonly role: string | null;
  readonly kind:
    | 'ownsDatabase'
    | 'createsSchemas'
    | 'createsIn'
    | 'createsTriggers'
    | 'ownsSchema'
    | 'functions'
    | 'views'
    | 'tables'
    | 'eventTriggers'
    | 'types'
    | 'operators'
    | 'others';
  /** The schema or database that is meant, where it is one. */
  readonly name: string | null;
  /** How many objects. */
  readonly count: number;
}

/** What makes it dangerous to be in a database as this role. */
export interface SuperuserRisk {
  /** The role that signed in. */
  readonly role: string;
  readonly database: string;
  /** `superuser`, `createrole`, or the predefined roles it is a member of. */
  readonly powers: readonly string[];
  /** The gravest first, at most 20. */
  readonly others: readonly OtherHand[];
  /** How many there are in all. */
  readonly otherCount: number;
  /** The database's owner, where it is an ordinary role that can sign in: whom to be instead. */
  readonly ordinaryOwner: string | null;
}

interface Powers {
  readonly role: string;
  readonly database: string;
  readonly powers: string[];
  readonly ordinary_owner: string | null;
}

/**
 * Says whether the session's role could do more than the database is worth, in a database that others own or may
 * create in: then their views, functions, triggers and index expressions would run with its rights, and neither READ
 * ONLY, SET ROLE nor a search path stands between. NULL for an ordinary role, and where there is nobody else.
 *
 * Reads the catalogue alone, every name and operator qualified: it is the first thing asked of a database, and must
 * run nothing that waits there under any search path.
 */
export async function findSuperuserRisk(client: pg.ClientBase): Promise<SuperuserRisk | null> {
  const { rows } = await client.query<Powers>(powersQuery);
  const [role] = rows;
  if (!role) throw new Error('The session’s role was not described.');
  if (role.powers.length === 0) return null;
  const others = await client.query<OtherHand & { readonly total: number }>(othersQuery);
  const [first] = others.rows;
  if (!first) return null;
  return {
    role: role.role,
    database: role.database,
    powers: role.powers,
    others: others.rows.map(({ role: other, kind, name, count }) => ({ role: other, kind, name, count })),
    otherCount: first.total,
    ordinaryOwner: role.ordinary_owner,
  };
}
