import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { createBrowserServer } from '../../../src/main/browser/server';
import { type Console, createConsole } from '../../../src/main/console';
import type { Answer } from '../../../src/shared/bridge';
import type { AppState, JobState } from '../../../src/shared/contract/app';
import type {
  AreaName,
  Contract,
  InputOf,
  ProcedureName,
  ResultOf,
} from '../../../src/shared/contract/index';
import type { ErrorEnvelope } from '../../../src/shared/errors';
import { quickestFolder } from '../../support/quickest-folder';

/** A console behind browser mode's own door, asked over HTTP as its page asks it. */
export interface BrowserClient {
  readonly dataFolder: string;
  /** The value of a query or command; a job is followed to its end; a file is fetched by its ticket. */
  ask<Area extends AreaName, Name extends ProcedureName<Area>>(
    area: Area,
    name: Name,
    input: InputOf<Contract[Area][Name]>,
  ): Promise<ResultOf<Contract[Area][Name]>>;
  download<Area extends AreaName, Name extends ProcedureName<Area>>(
    area: Area,
    name: Name,
    input: InputOf<Contract[Area][Name]>,
  ): Promise<string>;
  close(): Promise<void>;
}

/** What the console refused, as an error that a test can match. */
export class Refused extends Error {
  readonly code: string;
  readonly details: ErrorEnvelope['details'];
  constructor(envelope: ErrorEnvelope) {
    super(`${envelope.code}: ${envelope.message}`);
    this.code = envelope.code;
    this.details = envelope.details;
  }
}

interface HttpAnswer {
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly text: string;
}

export async function openBrowserClient(
  version: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<BrowserClient> {
  const folder = mkdtempSync(join(quickestFolder(), 'litemaas-contract-'));
  // Root lends the server another account, which has to reach the folder inside.
  chmodSync(folder, 0o711);
  const dataFolder = join(folder, 'data');
  mkdirSync(dataFolder);
  chmodSync(dataFolder, 0o711);
  const rendererFolder = join(folder, 'renderer');
  mkdirSync(rendererFolder);
  writeFileSync(join(rendererFolder, 'index.html'), '<!doctype html><title>Console</title>');
  const running: Console = await createConsole({
    host: 'browser',
    version,
    migrationsFolder: 'migrations',
    demoFolder: 'src/main/demo/data',
    environment: { ...process.env, ...environment, LITEMAAS_DATA_DIR: dataFolder },
    checkOutputs: true,
  });
  let address = '';
  const server = await createBrowserServer({
    console: running,
    rendererFolder,
    announce: (next) => (address = next),
  });
  return {
    dataFolder,
    ...(await clientAt(address)),
    async close() {
      await server.close();
      await running.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Takes the session of a console that runs at an address as it announced it, token included. */
export async function clientAt(address: string): Promise<Pick<BrowserClient, 'ask' | 'download'>> {
  const { host, port, hash } = new URL(address);
  let credentials: Record<string, string> = {};
  let calls = 0;

  const send = (method: string, path: string, body?: unknown): Promise<HttpAnswer> =>
    new Promise((resolve, reject) => {
      const headers = {
        host,
        origin: `http://${host}`,
        'sec-fetch-site': 'same-origin',
        'content-type': 'application/json',
      };
      const outgoing = httpRequest(
        { host: '127.0.0.1', port, method, path, headers: { ...headers, ...credentials } },
        (response) => {
          let text = '';
          response.setEncoding('utf8');
          response.on('data', (chunk: string) => (text += chunk));
          response.once('end', () => resolve({ headers: response.headers, text }));
          response.once('error', reject);
        },
      );
      outgoing.once('error', reject);
      outgoing.end(body === undefined ? undefined : JSON.stringify(body));
    });

  const exchanged = await send('POST', '/session', { token: hash.replace('#token=', '') });
  credentials = {
    cookie: String(exchanged.headers['set-cookie']).split(';')[0] ?? '',
    'x-litemaas-session': (JSON.parse(exchanged.text) as { session: string }).session,
  };

  async function post(area: string, name: string, input: unknown): Promise<unknown> {
    calls += 1;
    const { text } = await send('POST', `/api/${area}/${name}`, { callId: String(calls), input });
    const answer = JSON.parse(text) as Answer<unknown>;
    if (answer.ok) return answer.value;
    throw new Refused(answer.error);
  }

  async function finished(jobId: string): Promise<JobState> {
    for (let sinceRevision = -1; ;) {
      const state = (await post('app', 'watch', { sinceRevision })) as AppState;
      sinceRevision = state.revision;
      const job = state.jobs.find(({ id }) => id === jobId);
      if (job && job.state !== 'running') return job;
    }
  }

  return {
    async ask(area, name, input) {
      const value = await post(area, name, input);
      const jobId = typeof value === 'object' && value !== null && 'jobId' in value ? value.jobId : undefined;
      if (typeof jobId !== 'string') return value as never;
      const job = await finished(jobId);
      if (job.error) throw new Refused(job.error);
      return job.result as never;
    },
    async download(area, procedure, input) {
      const value = (await post(area, procedure, input)) as { state: string; ticket: string };
      return (await send('GET', `/download/${value.ticket}`)).text.replace(/^\uFEFF/, '');
    },
  };
}
