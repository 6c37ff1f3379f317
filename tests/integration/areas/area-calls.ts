import { nobodyIsTold } from '../../support/nobody-is-told';
import { Writable } from 'node:stream';
import { parse } from 'csv-parse/sync';
import type pg from 'pg';
import type { Procedure } from '../../../src/shared/contract/define';
import { contract, type InputOf, type ResultOf } from '../../../src/shared/contract/index';
import { apiKeysHandlers } from '../../../src/main/api-keys/index';
import { auditHandlers } from '../../../src/main/audit/index';
import { changesOfAreas, ownUndos } from '../../../src/main/changes-of-areas';
import { createChangesHandlers } from '../../../src/main/changes/index';
import { modelsHandlers } from '../../../src/main/models/index';
import { overviewHandlers } from '../../../src/main/overview/index';
import type { FileContent, WorkspaceCall } from '../../../src/main/router/handlers';
import { createSubscriptionsHandlers } from '../../../src/main/subscriptions/index';
import { teamsHandlers } from '../../../src/main/teams/index';
import { usageHandlers } from '../../../src/main/usage/index';
import { usersHandlers } from '../../../src/main/users/index';
import type { OpenWorkspace } from '../../../src/main/workspace/open-workspace';
import { openTestSession } from '../../support/test-session';
import { openTestWorkspace } from '../../support/workspace';

const handlers = {
  overview: overviewHandlers,
  users: usersHandlers,
  teams: teamsHandlers,
  models: modelsHandlers,
  subscriptions: createSubscriptionsHandlers(nobodyIsTold),
  apiKeys: apiKeysHandlers,
  usage: usageHandlers,
  audit: auditHandlers,
  changes: createChangesHandlers(changesOfAreas, ownUndos, nobodyIsTold),
};

type Areas = Pick<typeof contract, keyof typeof handlers>;
type AnyHandler = (input: unknown, call: WorkspaceCall) => Promise<unknown>;

export interface AreaCalls {
  readonly workspace: OpenWorkspace;
  /** The database's owner, for building data. */
  readonly client: pg.Client;
  /** Calls a procedure as the router does: input and output are checked against the contract. */
  ask<Area extends keyof Areas, Name extends keyof Areas[Area] & string>(
    area: Area,
    name: Name,
    input: InputOf<Areas[Area][Name]>,
    signal?: AbortSignal,
  ): Promise<ResultOf<Areas[Area][Name]>>;
  /** What an export writes, and what it is called. */
  download(
    area: keyof Areas,
    input: unknown,
  ): Promise<{ readonly text: string; readonly name: string; readonly type: string }>;
  fileOf(area: keyof Areas, input: unknown): Promise<FileContent>;
  close(): Promise<void>;
}

/** A migrated database with a client to fill it and the areas' procedures to ask. */
export async function openAreaCalls(
  options: Parameters<typeof openTestWorkspace>[0] & { readonly linked?: boolean } = {},
): Promise<AreaCalls> {
  const { linked, ...rest } = options;
  const opened = await openTestWorkspace(rest);
  const client = await openTestSession(opened.database.config);
  const litellm = { baseUrl: 'https://litellm.test', headerName: 'Authorization', caFile: null, proxy: null };
  const workspace = linked
    ? { ...opened.workspace, profile: { ...opened.workspace.profile, litellm } }
    : opened.workspace;

  const run = async (area: keyof Areas, name: string, input: unknown, signal: AbortSignal) => {
    const procedure = (contract[area] as Record<string, Procedure>)[name];
    const handler = (handlers[area] as unknown as Record<string, AnyHandler>)[name];
    if (!procedure || !handler) throw new Error(`no procedure ${area}.${name}`);
    const result = await handler(procedure.input.parse(input), {
      signal,
      workspace,
      report: () => undefined,
    });
    return { procedure, result };
  };
  const fileOf = async (area: keyof Areas, input: unknown): Promise<FileContent> =>
    (await run(area, 'exportCsv', input, new AbortController().signal)).result as FileContent;

  return {
    workspace,
    client,
    async ask(area, name, input, signal = new AbortController().signal) {
      const { procedure, result } = await run(area, name, input, signal);
      return procedure.output.parse(result) as never;
    },
    fileOf,
    async download(area, input) {
      const content = await fileOf(area, input);
      const chunks: Buffer[] = [];
      const target = new Writable({
        write(chunk: Buffer, _encoding, done) {
          chunks.push(chunk);
          done();
        },
      });
      await content.write(target, new AbortController().signal);
      return {
        text: Buffer.concat(chunks).toString('utf8'),
        name: content.suggestedName,
        type: content.contentType,
      };
    },
    async close() {
      await client.end();
      await opened.close();
    },
  };
}

/** Rows of a CSV text by heading. */
export function csvRecords(text: string): Record<string, string>[] {
  return parse(text, { bom: true, columns: true });
}
