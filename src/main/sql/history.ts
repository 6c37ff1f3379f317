import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { sqlContract } from '../../shared/contract/sql';
import type { Contract, ResultOf } from '../../shared/contract/index';
import { withoutEnd } from '../../shared/without-end';
import { maskText } from '../masking/mask-text';
import { writeFileAtomically } from '../files/atomic-file';

export type HistoryEntry = ResultOf<Contract['sql']['history']>['entries'][number];

const mostEntries = 200;
/** A statement that is longer is kept as far as that. */
const mostBytes = 10_240;

const historyFile = z.object({ version: z.literal(1), entries: sqlContract.history.output.shape.entries });

/** What was run in each workspace from this machine. */
export interface History {
  /** Newest first; empty where there is no file or it can't be read. */
  read(workspaceId: string): Promise<readonly HistoryEntry[]>;
  add(workspaceId: string, entry: HistoryEntry): Promise<void>;
  clear(workspaceId: string): Promise<void>;
}

/** Keeps one file per workspace in the data folder, readable by its owner only (0600), secrets masked. */
export function openHistory(dataFolder: string): History {
  const folder = join(dataFolder, 'sql-history');
  // Two statements may end at the same time: each write starts from what the one before it wrote.
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = last.then(work, work);
    last = mine.catch(() => undefined);
    return mine;
  };
  const pathOf = (workspaceId: string): string => join(folder, `${encodeURIComponent(workspaceId)}.json`);

  async function read(workspaceId: string): Promise<readonly HistoryEntry[]> {
    try {
      return historyFile.parse(JSON.parse(await readFile(pathOf(workspaceId), 'utf8'))).entries;
    } catch {
      // Absent, or damaged by something else: nothing here is worth stopping anybody.
      return [];
    }
  }

  return {
    read: (workspaceId) => inTurn(() => read(workspaceId)),
    add: (workspaceId, entry) =>
      inTurn(async () => {
        const kept = { ...entry, statement: keptText(entry.statement) };
        const entries = [kept, ...(await read(workspaceId))].slice(0, mostEntries);
        await mkdir(folder, { recursive: true, mode: 0o700 });
        await writeFileAtomically(pathOf(workspaceId), `${JSON.stringify({ version: 1, entries })}\n`);
      }),
    clear: (workspaceId) => inTurn(() => rm(pathOf(workspaceId), { force: true })),
  };
}

/** Without secrets, and not longer than is kept; never cut within a character. */
function keptText(statement: string): string {
  const { text } = maskText(statement);
  if (Buffer.byteLength(text) <= mostBytes) return text;
  return `${withoutEnd(Buffer.from(text).subarray(0, mostBytes).toString('utf8'), '\uFFFD')}…`;
}
