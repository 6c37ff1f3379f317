import { describe, expect, it } from 'vitest';
import { programEnvironment, runProgram } from './run-program';

const node = (script: string): [string, string[]] => [process.execPath, ['-e', script]];
const options = { account: null, timeoutMs: 20_000 } as const;

describe('running one of PostgreSQL’s programs', () => {
  it('answers exit code and both outputs, and passes the input on', async () => {
    const script = `process.stdin.on('data', (text) => { console.log('out ' + text); console.error('err'); process.exitCode = 3; });`;
    const { exitCode, output } = await runProgram(...node(script), { ...options, input: 'given' });
    expect(exitCode).toBe(3);
    expect(output).toContain('out given');
    expect(output).toContain('err');
  });

  it('hands on no secret of the console and no PG variable of the person', async () => {
    process.env.PGDATA = '/theirs';
    process.env.LITEMAAS_TEST_KEY = 'sk-secret';
    try {
      const { output } = await runProgram(...node('console.log(JSON.stringify(process.env))'), options);
      expect(output).not.toMatch(/PGDATA|LITEMAAS_TEST_KEY/);
      expect(programEnvironment({ PG_GRANDPARENT_PID: '7' })).toMatchObject({
        LC_ALL: 'C',
        PG_GRANDPARENT_PID: '7',
      });
    } finally {
      delete process.env.PGDATA;
      delete process.env.LITEMAAS_TEST_KEY;
    }
  });

  it('ends a program that takes too long, even one that does not listen', async () => {
    const script = `process.on('SIGTERM', () => {}); console.log('deaf'); setInterval(() => {}, 1000);`;
    await expect(runProgram(...node(script), { ...options, timeoutMs: 500 })).rejects.toMatchObject({
      code: 'local_server',
      message: expect.stringContaining('did not finish within 0.5 s') as unknown,
    });
  }, 15_000);

  it('ends when it is cancelled, and does not begin when it already was', async () => {
    const running = runProgram(...node('setInterval(() => {}, 1000)'), {
      ...options,
      signal: AbortSignal.timeout(300),
    });
    await expect(running).rejects.toMatchObject({ code: 'cancelled' });
    const never = runProgram('/does/not/exist', [], { ...options, signal: AbortSignal.abort() });
    await expect(never).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('says which program can’t be started', async () => {
    await expect(runProgram('/does/not/exist', [], options)).rejects.toMatchObject({
      code: 'local_server',
      message: expect.stringContaining('/does/not/exist can’t be started') as unknown,
    });
  });
});
