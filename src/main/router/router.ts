import * as z from 'zod';
import { type AreaName, contract } from '../../shared/contract/index';
import type { Answer } from '../../shared/bridge';
import type { Procedure } from '../../shared/contract/define';
import type { WorkspaceState } from '../../shared/contract/app';
import type { FileOutput } from '../../shared/contract/values';
import { AppError } from '../../shared/errors';
import { eitherSignal } from '../kernel/either-signal';
import type { Jobs } from '../kernel/jobs';
import type { Log } from '../kernel/log';
import { say } from '../kernel/say';
import type { OpenWorkspace } from '../workspace/open-workspace';
import { toErrorEnvelope } from './error-envelope';
import type { AreaHandlers, FileContent, WorkspaceCall } from './handlers';

/** One call as a host received it. Everything in it is untrusted. */
export interface Request {
  readonly area: unknown;
  readonly procedure: unknown;
  readonly input: unknown;
}

/** What the host adds to a call: its abort signal and how it delivers a file. */
export interface CallHost {
  readonly signal: AbortSignal;
  deliverFile(content: FileContent, signal: AbortSignal): Promise<FileOutput>;
}

export interface Router {
  /** Never rejects: failures come back as values. */
  call(request: Request, host: CallHost): Promise<Answer<unknown>>;
}

interface RouterOptions {
  /** The handlers of one area; loading them may take a moment the first time. */
  readonly handlersOf: (area: AreaName) => Promise<AnyAreaHandlers>;
  readonly jobs: Jobs;
  readonly log: Log;
  readonly openWorkspace: () => OpenWorkspace | null;
  readonly workspaceState: () => WorkspaceState | null;
  /** Called after every procedure that writes the database, also after a failed or cancelled one. */
  readonly afterWrite: () => Promise<void>;
  /** Checks results against the contract too: on in tests and development. */
  readonly checkOutputs: boolean;
}

type AnyAreaHandlers = { [Area in AreaName]: AreaHandlers<Area> }[AreaName];
type AnyHandler = (input: unknown, call: Partial<WorkspaceCall>) => Promise<unknown>;

/** The one way in: finds the procedure, checks the input, its needs and rights, runs it, shapes the answer. */
export function createRouter(options: RouterOptions): Router {
  const { jobs, log, checkOutputs } = options;

  async function answer(request: Request, host: CallHost, name: string): Promise<unknown> {
    const { procedure, handler } = await find(request, options.handlersOf);
    const input = checkInput(procedure, request.input);
    const workspace = requireWorkspace(procedure, options);
    const run = async (signal: AbortSignal, report: WorkspaceCall['report']): Promise<unknown> => {
      try {
        const result = await handler(input, { signal, report, ...(workspace ? { workspace } : {}) });
        return checkOutputs && procedure.kind !== 'file' ? procedure.output.parse(result) : result;
      } finally {
        if (procedure.writes) await options.afterWrite();
      }
    };
    if (procedure.kind === 'job') {
      const work = (signal: AbortSignal, report: WorkspaceCall['report']): Promise<unknown> =>
        timed(name, () => run(signal, report));
      return { jobId: jobs.start(name, workspace?.id ?? null, work, procedure.severalAtOnce) };
    }
    const result = await run(host.signal, () => undefined);
    if (procedure.kind !== 'file') return result;
    const after = procedure.writes ? options.afterWrite : () => Promise.resolve();
    return host.deliverFile(endedByLeaving(result as FileContent, workspace, after), host.signal);
  }

  async function timed<T>(name: string, work: () => Promise<T>): Promise<T> {
    const startedAt = performance.now();
    try {
      const result = await work();
      log.write({
        event: 'call',
        procedure: name,
        milliseconds: Math.round(performance.now() - startedAt),
        outcome: 'ok',
      });
      return result;
    } catch (error) {
      const { code } = toErrorEnvelope(error);
      const milliseconds = Math.round(performance.now() - startedAt);
      log.write({ event: 'call', procedure: name, milliseconds, outcome: code });
      if (code === 'internal') log.error(name, error);
      throw error;
    }
  }

  return {
    async call(request, host) {
      const name = `${String(request.area)}.${String(request.procedure)}`;
      const work = (): Promise<unknown> => answer(request, host, name);
      try {
        // The long poll waits on purpose: its duration says nothing.
        return { ok: true, value: await (name === 'app.watch' ? work() : timed(name.slice(0, 80), work)) };
      } catch (error) {
        return { ok: false, error: toErrorEnvelope(error) };
      }
    },
  };
}

/** A file that is written waits for its reader, and the database for the file: leaving the workspace ends both. */
function endedByLeaving(
  content: FileContent,
  workspace: OpenWorkspace | undefined,
  afterwards: () => Promise<void>,
): FileContent {
  if (!workspace) return content;
  return {
    ...content,
    async write(target, signal) {
      const ended = eitherSignal(signal, workspace.database.closing);
      try {
        await content.write(target, ended.signal);
      } finally {
        ended.stop();
        await afterwards();
      }
    },
  };
}

async function find(
  { area, procedure: name }: Request,
  handlersOf: RouterOptions['handlersOf'],
): Promise<{ procedure: Procedure; handler: AnyHandler }> {
  if (typeof area === 'string' && typeof name === 'string' && Object.hasOwn(contract, area)) {
    const procedures: Record<string, Procedure> = contract[area as AreaName];
    const procedure = Object.hasOwn(procedures, name) ? procedures[name] : undefined;
    if (procedure) {
      // The contract's key is the handler's key; the types cannot follow names that arrive at run time.
      const handlers = (await handlersOf(area as AreaName)) as unknown as Record<string, AnyHandler>;
      const handler = handlers[name];
      if (handler) return { procedure, handler };
    }
  }
  throw new AppError('not_found', say('console.noProcedure'), { hint: say('console.noProcedureHint') });
}

function checkInput(procedure: Procedure, input: unknown): unknown {
  const checked = procedure.input.safeParse(input ?? {});
  if (checked.success) return checked.data;
  throw new AppError(
    'validation',
    say('console.invalidInput', { problems: z.prettifyError(checked.error) }),
    {
      details: Object.fromEntries(
        checked.error.issues.slice(0, 20).map((issue) => [issue.path.join('.') || 'input', issue.message]),
      ),
    },
  );
}

function requireWorkspace(procedure: Procedure, options: RouterOptions): OpenWorkspace | undefined {
  if (procedure.scope === 'app') return undefined;
  const workspace = options.openWorkspace();
  const state = options.workspaceState();
  if (!workspace || !state) {
    throw new AppError('not_found', say('console.noDatabase'), { hint: say('console.noDatabaseHint') });
  }
  if (procedure.scope === 'schema' && state.schema !== 'current') {
    throw new AppError('db_version', say('console.noSchema'), {
      hint: say('console.noSchemaHint'),
      details: { schema: state.schema },
    });
  }
  if (procedure.writes && workspace.profile.access === 'read-only') {
    throw new AppError('read_only', say('console.readOnly'), { hint: say('console.readOnlyHint') });
  }
  return workspace;
}
