import { parseArgs } from 'node:util';
import { AppError } from '../../shared/errors';
import { say } from '../kernel/say';

export const runUsage = 'litemaas-console run --workspace <name or id> due';

/** What `litemaas-console run` is to do, and in which workspace. */
export interface RunCommand {
  /** Its name, or its id. */
  readonly workspace: string;
  readonly what: 'due';
}

/**
 * Reads the command line after `run`; null when help is asked for.
 * @throws AppError `validation` for anything else than one thing to run in one workspace.
 */
export function parseRunCommand(args: readonly string[]): RunCommand | null {
  const { values, positionals } = parse(args);
  if (values.help === true) return null;
  const [what, ...others] = positionals;
  if (what !== 'due' || others.length > 0) throw wrong(say('hosts.run.whatToRun'));
  if (values.workspace === undefined || values.workspace === '') throw wrong(say('hosts.run.noWorkspace'));
  return { workspace: values.workspace, what };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      strict: true,
      allowPositionals: true,
      options: { workspace: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
    });
  } catch (error) {
    throw wrong(say('hosts.run.notRead'), error);
  }
}

const wrong = (message: string, cause?: unknown): AppError =>
  new AppError('validation', message, { hint: say('hosts.run.usage', { usage: runUsage }), cause });

/** The name leads to no workspace, or to several. */
export class UnknownWorkspace extends AppError {}

/**
 * The workspace that is meant: by its id, or by its name where only one is called so.
 * @throws UnknownWorkspace where there is none, or several are called so.
 */
export function workspaceMeant<Known extends { readonly id: string; readonly name: string }>(
  workspaces: readonly Known[],
  meant: string,
): Known {
  const named = workspaces.filter(({ id, name }) => id === meant || name === meant);
  const [first, second] = named;
  if (first === undefined) {
    const names = workspaces.map(({ name }) => name).join(', ');
    throw new UnknownWorkspace('not_found', say('hosts.run.unknownWorkspace', { name: meant }), {
      hint: say(names === '' ? 'hosts.run.noWorkspaces' : 'hosts.run.unknownWorkspaceHint', { names }),
    });
  }
  if (second !== undefined) {
    throw new UnknownWorkspace('validation', say('hosts.run.severalWorkspaces', { name: meant }), {
      hint: say('hosts.run.severalWorkspacesHint', { ids: named.map(({ id }) => id).join(', ') }),
    });
  }
  return first;
}
