import type pg from 'pg';
import * as z from 'zod';
import { AppError } from '../../shared/errors';
import { say } from '../kernel/say';

export interface RebuildUsageOptions {
  /** IANA name of the zone that days and months are cut in from now on; absent: the present one. */
  readonly reportingTimeZone?: string | undefined;
}

/**
 * Makes summaries, rollups and the latency distribution again from the logged usage, in one statement (and so one transaction).
 * Usage cannot be written meanwhile, reading goes on. Counters of subscriptions are left alone (they may have been
 * reset), and so is everything whose log has been archived.
 * @throws AppError `validation` for an unknown zone, `conflict` for a new zone where part of the log is archived.
 */
export async function rebuildUsage(
  client: pg.ClientBase,
  { reportingTimeZone }: RebuildUsageOptions = {},
): Promise<void> {
  try {
    await client.query('SELECT litemaas_console.rebuild_usage($1)', [reportingTimeZone ?? null]);
  } catch (cause) {
    const sqlState = (cause as { code?: unknown }).code;
    if (sqlState === '22023') {
      throw new AppError('validation', say('usage.rebuild.zoneUnknown', { zone: reportingTimeZone ?? '' }), {
        hint: say('usage.rebuild.zoneUnknownHint'),
        cause,
      });
    }
    if (sqlState === '55000') {
      throw new AppError('conflict', say('usage.rebuild.archived'), {
        hint: say('usage.rebuild.archivedHint'),
        cause,
      });
    }
    throw cause;
  }
}

/** The zone in which the days and months of usage are cut: an IANA name, `UTC` by default. */
export async function readReportingTimeZone(client: pg.ClientBase): Promise<string> {
  const { rows } = await client.query('SELECT litemaas_console.reporting_time_zone() AS zone');
  const [{ zone }] = z.tuple([z.strictObject({ zone: z.string() })]).parse(rows);
  return zone;
}
