import { type Headless, lineOf, openHeadless } from './command-line/headless';
import { join } from 'node:path';
import { toLanguage } from '../shared/messages/languages';
import { AppError } from '../shared/errors';
import {
  parseRunCommand,
  type RunCommand,
  runUsage,
  UnknownWorkspace,
  workspaceMeant,
} from './command-line/run-command';
import { say, speak } from './kernel/say';

/** By these codes a timer tells what became of it. */
const exitCodes = { done: 0, failed: 1, wrongCommand: 2, someLeft: 3 } as const;

/**
 * `litemaas-console run --workspace <name> due`: what is due in a workspace, without a window. Answers the exit code.
 */
async function main(): Promise<number> {
  speak(toLanguage(process.env['LITEMAAS_LANGUAGE']));
  let command: RunCommand | null;
  try {
    command = parseRunCommand(process.argv.slice(2));
  } catch (error) {
    return failed(error, exitCodes.wrongCommand);
  }
  if (command === null) {
    print(runUsage);
    return exitCodes.done;
  }
  const headless = await openHeadless(join(import.meta.dirname, '..', '..'));
  try {
    return await runDue(headless, command);
  } catch (error) {
    return failed(error, error instanceof UnknownWorkspace ? exitCodes.wrongCommand : exitCodes.failed);
  } finally {
    await headless.close();
  }
}

async function runDue(headless: Headless, { workspace }: RunCommand): Promise<number> {
  const { profiles } = await headless.ask('workspace', 'list', {});
  const { id, access } = workspaceMeant(profiles, workspace);
  if (access !== 'administer') {
    throw new AppError('read_only', say('hosts.run.readOnly'), { hint: say('hosts.run.readOnlyHint') });
  }
  await headless.runJob('workspace', 'open', { workspaceId: id });
  const { reset, expired, problems } = await headless.runJob('subscriptions', 'runDue', {});
  print(say('hosts.run.done', { reset, expired }));
  if (problems === 0) return exitCodes.done;
  process.stderr.write(`${say('hosts.run.problems', { count: problems })}\n`);
  return exitCodes.someLeft;
}

function failed(error: unknown, code: number): number {
  process.stderr.write(`${lineOf(error)}\n`);
  return code;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

process.exitCode = await main().catch((error: unknown) => failed(error, exitCodes.failed));
