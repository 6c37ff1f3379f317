import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import { AppError } from '../../../shared/errors';
import { say } from '../../kernel/say';

/** One migration file, in the order of drizzle's journal. */
export interface Migration {
  /** File name without `.sql`, as in the journal: `0003_views`. */
  readonly name: string;
  /** The first sentence of its header comment. */
  readonly purpose: string;
  /** The journal's `when` in milliseconds: what drizzle's ledger knows a migration by. */
  readonly when: number;
  /** SHA-256 of the file with line ends normalised to LF, so that a checkout on another system is the same file. */
  readonly hash: string;
  /** What is executed: one text, or its statements where the file cannot run in a transaction. */
  readonly statements: readonly string[];
  readonly transactional: boolean;
}

const breakpoint = '--> statement-breakpoint';
const noTransactionFlag = /^-- litemaas: no-transaction$/m;

/**
 * Reads a migrations folder (`NNNN_name.sql` files and `meta/_journal.json`) through drizzle's own reader.
 * @throws AppError `internal` when the folder, its journal or a file is missing.
 */
export async function readMigrations(folder: string): Promise<readonly Migration[]> {
  const names = await readNames(folder);
  let files: ReturnType<typeof readMigrationFiles>;
  try {
    files = readMigrationFiles({ migrationsFolder: folder });
  } catch (cause) {
    throw new AppError('internal', say('migrations.filesIncomplete'), {
      hint: say('migrations.installAgain'),
      cause,
    });
  }
  return files.map((file, index) => {
    const text = file.sql.join(breakpoint).replaceAll('\r\n', '\n');
    return {
      name: names[index] ?? String(file.folderMillis),
      purpose: purposeOf(text),
      when: file.folderMillis,
      hash: createHash('sha256').update(text).digest('hex'),
      statements: text.split(breakpoint),
      transactional: !noTransactionFlag.test(text),
    };
  });
}

/** drizzle's reader drops the journal's names; they are what a person recognises a migration by. */
async function readNames(folder: string): Promise<readonly string[]> {
  try {
    const journal: unknown = JSON.parse(await readFile(join(folder, 'meta', '_journal.json'), 'utf8'));
    return (journal as { entries: { tag: string }[] }).entries.map((entry) => entry.tag);
  } catch (cause) {
    throw new AppError('internal', say('migrations.listUnreadable'), {
      hint: say('migrations.installAgain'),
      cause,
    });
  }
}

/** The first sentence of a file's header comment. */
export function purposeOf(text: string): string {
  const header: string[] = [];
  for (const line of text.split('\n')) {
    if (!line.startsWith('--')) break;
    if (line.startsWith('-- litemaas:')) continue;
    if (line === '--') break;
    header.push(line.slice(2).trim());
  }
  const paragraph = header.join(' ');
  return /^.*?[.](?=\s|$)/.exec(paragraph)?.[0] ?? paragraph;
}
