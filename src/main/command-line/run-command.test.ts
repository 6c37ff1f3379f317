import { describe, expect, it } from 'vitest';
import { AppError } from '../../shared/errors';
import { parseRunCommand, UnknownWorkspace, workspaceMeant } from './run-command';

describe('the command line of run', () => {
  it('names a workspace and what to run, in any order', () => {
    const command = { workspace: 'Production', what: 'due' };
    expect(parseRunCommand(['--workspace', 'Production', 'due'])).toEqual(command);
    expect(parseRunCommand(['due', '--workspace=Production'])).toEqual(command);
    expect(parseRunCommand(['--help'])).toBeNull();
  });

  it.each([
    [[], 'what to run'],
    [['--workspace', 'Production'], 'what to run'],
    [['--workspace', 'Production', 'all'], 'what to run'],
    [['--workspace', 'Production', 'due', 'now'], 'what to run'],
    [['due'], 'which workspace'],
    [['due', '--workspace', ''], 'which workspace'],
    [['due', '--workspace'], 'read'],
    [['due', '--wrkspace', 'x'], 'read'],
  ])('refuses %j in words for a person', (args, text) => {
    expect(() => parseRunCommand(args)).toThrow(AppError);
    expect(() => parseRunCommand(args)).toThrow(text);
  });
});

describe('the workspace that is meant', () => {
  const known = [
    { id: 'a', name: 'One' },
    { id: 'b', name: 'Two' },
    { id: 'c', name: 'Two' },
  ];
  it('is found by its name or its id', () => {
    expect(workspaceMeant(known, 'One').id).toBe('a');
    expect(workspaceMeant(known, 'c').id).toBe('c');
  });
  it.each([['Three'], ['Two'], ['']])('is none or several for %j', (meant) => {
    expect(() => workspaceMeant(known, meant)).toThrow(UnknownWorkspace);
  });
});
