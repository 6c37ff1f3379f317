import type { ErrorEnvelope } from '../../../shared/errors';

/** Why a role was refused: it could do more than this database is worth, and others have a hand in it. */
export type SuperuserRefusal = Pick<ErrorEnvelope, 'code' | 'details'>;

/** The refusal among what a call ended with; NULL for everything else. */
export function superuserRefusal(error: SuperuserRefusal | null | undefined): SuperuserRefusal | null {
  return error?.code === 'db_superuser' ? error : null;
}
