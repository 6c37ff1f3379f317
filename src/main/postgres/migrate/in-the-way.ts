import pg from 'pg';
import { AppError } from '../../../shared/errors';
import { redact } from '../../../shared/redact';
import { say } from '../../kernel/say';
import { detailsOf } from '../errors';

/** An object of that name is there, or is something else than it should be (PostgreSQL manual, appendix A). */
const taken: ReadonlySet<string> = new Set(['42P06', '42P07', '42710', '42723', '42P13', '42809', '42804']);
/** Something else depends on what is changed. */
const dependedOn: ReadonlySet<string> = new Set(['0A000', '2BP01']);

/**
 * Says in plain words what stopped a file where somebody else's object did, and what to do; other errors come back as
 * they are.
 * @param name the file that stopped.
 */
export function explainStop(error: unknown, name: string): unknown {
  if (!(error instanceof pg.DatabaseError)) return error;
  const { code = '', detail } = error;
  // These details name objects, never the contents of rows.
  const said = redact([error.message, detail].filter(Boolean).join('. '));
  if (taken.has(code)) return stop('conflict', name, said, say('migrations.takenHint'), error);
  if (dependedOn.has(code)) return stop('conflict', name, said, say('migrations.dependentsHint'), error);
  if (code === '42501') return stop('db_permission', name, said, say('migrations.notOwnerHint'), error);
  return error;
}

function stop(
  code: 'conflict' | 'db_permission',
  name: string,
  said: string,
  hint: string,
  cause: pg.DatabaseError,
): AppError {
  return new AppError(code, say('migrations.stopped', { name, said }), {
    hint,
    details: detailsOf(cause),
    cause,
  });
}
