import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import type pg from 'pg';
import { browseHandlers } from '../../../src/main/browse/index';
import type { FileContent, WorkspaceCall } from '../../../src/main/router/handlers';
import { createSqlHandlers, openHistory } from '../../../src/main/sql/index';
import type { Procedure } from '../../../src/shared/contract/define';
import { type Contract, contract, type InputOf, type ResultOf } from '../../../src/shared/contract/index';
import { openTestSession } from '../../support/test-session';
import { openTestWorkspace } from '../../support/workspace';

type Area = 'browse' | 'sql';
type AnyHandler = (input: unknown, call: WorkspaceCall) => Promise<unknown>;

export interface BrowseCalls {
  readonly config: pg.ClientConfig;
  readonly adminConfig: pg.ClientConfig;
  /** The database's owner, for building data. */
  readonly client: pg.Client;
  /** Where the history is kept. */
  readonly dataFolder: string;
  readonly workspaceId: string;
  /** Calls a procedure as the router does: input and output are checked against the contract. */
  ask<A extends Area, Name extends keyof Contract[A] & string>(
    area: A,
    name: Name,
    input: Contract[A][Name] extends Procedure ? InputOf<Contract[A][Name]> : never,
    signal?: AbortSignal,
  ): Promise<Contract[A][Name] extends Procedure ? ResultOf<Contract[A][Name]> : never>;
  /** What an export writes. */
  download(area: Area, name: string, input: unknown, signal?: AbortSignal): Promise<string>;
  close(): Promise<void>;
}

/** A migrated database with a client to fill it and the procedures of Browse and SQL to ask. */
export async function openBrowseCalls(
  options: Parameters<typeof openTestWorkspace>[0] = {},
): Promise<BrowseCalls> {
  const opened = await openTestWorkspace(options);
  const client = await openTestSession(opened.database.config);
  const dataFolder = mkdtempSync(join(tmpdir(), 'litemaas-browse-'));
  const handlers = { browse: browseHandlers, sql: createSqlHandlers({ history: openHistory(dataFolder) }) };
  const run = async (area: Area, name: string, input: unknown, signal: AbortSignal) => {
    const procedure = (contract[area] as Record<string, Procedure>)[name];
    const handler = (handlers[area] as unknown as Record<string, AnyHandler>)[name];
    if (!procedure || !handler) throw new Error(`no procedure ${area}.${name}`);
    const call = { signal, workspace: opened.workspace, report: () => undefined };
    return { procedure, result: await handler(procedure.input.parse(input), call) };
  };
  return {
    config: opened.database.config,
    adminConfig: opened.database.adminConfig,
    client,
    dataFolder,
    workspaceId: opened.workspace.id,
    async ask(area, name, input, signal = new AbortController().signal) {
      const { procedure, result } = await run(area, name, input, signal);
      return procedure.output.parse(result) as never;
    },
    async download(area, name, input, signal = new AbortController().signal) {
      const content = (await run(area, name, input, signal)).result as FileContent;
      const chunks: Buffer[] = [];
      const target = new Writable({
        write(chunk: Buffer, _encoding, done) {
          chunks.push(chunk);
          done();
        },
      });
      await content.write(target, signal);
      return Buffer.concat(chunks)
        .toString('utf8')
        .replace(/^\uFEFF/, '');
    },
    async close() {
      await client.end();
      await opened.close();
      rmSync(dataFolder, { recursive: true, force: true });
    },
  };
}

type RowsPage = ResultOf<Contract['browse']['rows']>;
type RowsInput = InputOf<Contract['browse']['rows']>;

/** The first column of a page's rows. */
export const firstTexts = (page: RowsPage): (string | null)[] =>
  page.rows.map(({ cells }) => cells[0]?.text ?? null);

/** The first column (one that differs in all rows) of all pages, forward from the first or backward from the last. */
export async function walk(calls: BrowseCalls, input: RowsInput, forward = true): Promise<(string | null)[]> {
  let page = await calls.ask('browse', 'rows', forward ? input : { ...input, last: true });
  let texts = firstTexts(page);
  for (let cursor = forward ? page.next : page.previous; cursor !== null;) {
    page = await calls.ask('browse', 'rows', {
      ...input,
      ...(forward ? { after: cursor } : { before: cursor }),
    });
    // A first page that was reached from behind is filled up with rows of the next one.
    const known = new Set(texts);
    texts = forward
      ? [...texts, ...firstTexts(page)]
      : [...firstTexts(page).filter((text) => !known.has(text)), ...texts];
    cursor = forward ? page.next : page.previous;
  }
  return texts;
}
