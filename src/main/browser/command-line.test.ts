import { describe, expect, it } from 'vitest';
import { AppError } from '../../shared/errors';
import { parseCommandLine } from './command-line';

describe('browser mode’s command line', () => {
  it('takes a free port, opens the browser and ends sessions after eight hours by default', () => {
    expect(parseCommandLine([], {})).toEqual({
      port: 0,
      open: true,
      reportReady: false,
      idleTimeoutMs: 8 * 3_600_000,
    });
  });

  it('prefers --port to LITEMAAS_PORT', () => {
    expect(parseCommandLine([], { LITEMAAS_PORT: '4100' })?.port).toBe(4100);
    expect(parseCommandLine(['--port', '4200'], { LITEMAAS_PORT: '4100' })?.port).toBe(4200);
    expect(parseCommandLine(['--port=0'], { LITEMAAS_PORT: '4100' })?.port).toBe(0);
    expect(parseCommandLine([], { LITEMAAS_PORT: '' })?.port).toBe(0);
  });

  it('reads the other options', () => {
    expect(parseCommandLine(['--no-open', '--report-ready', '--idle-minutes', '5'], {})).toMatchObject({
      open: false,
      reportReady: true,
      idleTimeoutMs: 300_000,
    });
    expect(parseCommandLine(['--help'], {})).toBeNull();
  });

  it.each([
    ['--port', '65536'],
    ['--port', '-1'],
    ['--port', '80a'],
    ['--port', ''],
    ['--port'],
    ['--idle-minutes', '0'],
    ['--prot', '80'],
    ['80'],
  ])('refuses %s %s in words for a person', (...args) => {
    expect(() => parseCommandLine(args, {})).toThrow(AppError);
    expect(() => parseCommandLine(args, {})).toThrow(/port|idle-minutes|command line/i);
  });
});
