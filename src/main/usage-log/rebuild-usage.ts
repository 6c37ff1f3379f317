import type pg from 'pg';
import * as z from 'zod';
import { AppError } from '../../shared/errors';
import { say } from '../kernel/say';
import { tables } from '../postgres/relations';

export interface RebuildUsageOptions {
  /** IANA name of the zone that days and months are cut in from now on; absent: the present one. */
  readonly reportingTimeZone?: string | undefined;
}

/**
 * Makes summaries, rollups and the latency distribution again from the logged usage, in one statement. In the caller's transaction, which an error has to end.
 * Usage cannot be written meanwhile, reading goes on. Counters of subscriptions are left alone (they may have been
 * reset), and so is everything whose log has been archived.
 * @throws AppError `validation` for an unknown zone, `conflict` for a new zone where part of the log is archived, and
 *   while a deletion or its undo is under way: usage that was moved aside would not be counted as logged any more.
 */
export async function rebuildUsage(
  client: pg.ClientBase,
  { reportingTimeZone }: RebuildUsageOptions = {},
): Promise<void> {
  await checkNothingAside(client);
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
  // Again, under the locks of the rebuild: a deletion may have begun right before it got them.
  await checkNothingAside(client);
}

async function checkNothingAside(client: pg.ClientBase): Promise<void> {
  const isThere = await client.query('SELECT to_regclass($1) IS NOT NULL AS "isThere"', [tables.moved_aside]);
  // Databases from before such deletions have no such table.
  if (!isTrue(isThere.rows)) return;
  const found = await client.query(`SELECT EXISTS (SELECT FROM ${tables.moved_aside}) AS "isThere"`);
  if (isTrue(found.rows)) {
    throw new AppError('conflict', say('usage.rebuild.movedAside'), {
      hint: say('usage.rebuild.movedAsideHint'),
    });
  }
}

function isTrue(rows: unknown): boolean {
  const [{ isThere }] = z.tuple([z.strictObject({ isThere: z.boolean() })]).parse(rows);
  return isThere;
}

/** The zone in which the days and months of usage are cut: an IANA name, `UTC` by default. */
export async function readReportingTimeZone(client: pg.ClientBase): Promise<string> {
  const { rows } = await client.query('SELECT litemaas_console.reporting_time_zone() AS zone');
  const [{ zone }] = z.tuple([z.strictObject({ zone: z.string() })]).parse(rows);
  return zone;
}
