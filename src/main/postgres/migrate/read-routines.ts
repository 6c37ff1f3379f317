import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../../shared/errors';
import { say } from '../../kernel/say';
import { purposeOf } from './read-migrations';

/** One file of `migrations/routines`: functions, triggers or one view, which no table, index or default needs. */
export interface Routine {
  /** `routines/` and the file's name without `.sql`: `routines/040_default_team`. */
  readonly name: string;
  /** The first sentence of its header comment. */
  readonly purpose: string;
  /** The number of its header, which rises with every change: a database never gets a lower one. */
  readonly number: number;
  /** SHA-256 of the file with line ends normalised to LF. */
  readonly hash: string;
  readonly text: string;
  /** The view it makes, with its schema; null for functions and triggers. */
  readonly view: string | null;
}

const numberLine = /^-- litemaas: routine (\d+)$/m;
const viewStatement = /^CREATE OR REPLACE VIEW ([a-z_]+\.[a-z_]+) AS$/m;

/**
 * Reads `routines/*.sql` of a migrations folder in the order of their names; none where there is no such folder.
 * @throws AppError `internal` when a file can't be read or has no number.
 */
export async function readRoutines(folder: string): Promise<readonly Routine[]> {
  try {
    const files = await readdir(join(folder, 'routines')).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    });
    const names = files.filter((name) => name.endsWith('.sql')).toSorted();
    return await Promise.all(names.map((file) => readRoutine(join(folder, 'routines', file), file)));
  } catch (cause) {
    throw new AppError('internal', say('migrations.filesIncomplete'), {
      hint: say('migrations.installAgain'),
      cause,
    });
  }
}

async function readRoutine(path: string, file: string): Promise<Routine> {
  const text = (await readFile(path, 'utf8')).replaceAll('\r\n', '\n');
  const number = numberLine.exec(text)?.[1];
  if (number === undefined) throw new Error(`${file} has no line "-- litemaas: routine <number>"`);
  return {
    name: `routines/${file.slice(0, -'.sql'.length)}`,
    purpose: purposeOf(text),
    number: Number(number),
    hash: createHash('sha256').update(text).digest('hex'),
    text,
    view: viewStatement.exec(text)?.[1] ?? null,
  };
}
