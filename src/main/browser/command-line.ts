import { parseArgs } from 'node:util';
import { AppError } from '../../shared/errors';

export interface BrowserModeOptions {
  /** 0 takes a free one. */
  readonly port: number;
  /** Starts the system browser where there is a display. */
  readonly open: boolean;
  /** Prints `READY {json}` with the one-time address, for programs that drive the console. */
  readonly reportReady: boolean;
  readonly idleTimeoutMs: number;
}

export const browserModeUsage = `npm run browser -- [options]

  --port <number>          listen on this port of 127.0.0.1 instead of a free one (also LITEMAAS_PORT)
  --no-open                do not start the system browser
  --idle-minutes <number>  end a session after this time without use (default 480)
  --report-ready           print "READY {json}" with the address, for programs
  --help                   print this`;

/**
 * Reads browser mode's command line; null when help is asked for.
 * Throws `validation` for an unknown option or a value out of range.
 */
export function parseCommandLine(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): BrowserModeOptions | null {
  const values = parse(args);
  if (values.help === true) return null;
  const idleMinutes = wholeNumber(values['idle-minutes'] ?? '480', '--idle-minutes', 1, 10_080);
  return {
    port:
      values.port === undefined
        ? wholeNumber(environment['LITEMAAS_PORT'] || '0', 'LITEMAAS_PORT', 0, 65_535)
        : wholeNumber(values.port, '--port', 0, 65_535),
    open: values['no-open'] !== true,
    reportReady: values['report-ready'] === true,
    idleTimeoutMs: idleMinutes * 60_000,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      strict: true,
      options: {
        port: { type: 'string' },
        'no-open': { type: 'boolean' },
        'idle-minutes': { type: 'string' },
        'report-ready': { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('. ', 1)[0] : 'it can not be read';
    throw new AppError('validation', `The command line is not valid: ${reason ?? ''}.`, {
      hint: browserModeUsage,
      cause: error,
    });
  }
}

function wholeNumber(text: string, name: string, least: number, most: number): number {
  const value = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new AppError(
    'validation',
    `${name} is "${text}", not a whole number from ${String(least)} to ${String(most)}.`,
  );
}
