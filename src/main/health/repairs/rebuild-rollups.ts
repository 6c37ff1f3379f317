import { sql } from 'drizzle-orm';
import * as z from 'zod';
import { bigInteger } from '../../../shared/contract/values';
import { rebuildUsage } from '../../usage-log/rebuild-usage';
import { say } from '../../kernel/say';
import { facts } from '../checks/check';
import type { Repair, RepairOf } from './repair';
import { from, tables } from '../../postgres/relations';

const usageCounts = z.strictObject({ logged: bigInteger, unattributed: bigInteger, archived: bigInteger });

/** Makes summaries and rollups again from the log, in one statement. */
export const rebuildRollups: Repair<RepairOf<'rebuild_usage'>> = {
  mode: 'transaction',
  async plan({ select }) {
    const [found] = await select(
      usageCounts,
      sql`
      SELECT
        coalesce(sum(greatest(child.reltuples, 0)), 0)::bigint::text AS logged,
        (
          SELECT greatest(reltuples, 0)::bigint FROM pg_class
          WHERE oid = ${tables.unattributed_usage}::regclass
        )::text AS unattributed,
        (SELECT count(*) FROM ${from('usage_ranges')} WHERE state = 'log_archived')::text AS archived
      FROM pg_inherits
      JOIN pg_class child ON child.oid = inhrelid
      WHERE inhparent = ${tables.usage_logs}::regclass`,
    );
    const { logged = '0', unattributed = '0', archived = '0' } = found ?? {};
    const total = Number(logged) + Number(unattributed);
    return {
      title: say('health.repair.title.rebuild_usage'),
      facts: facts(
        [say('health.repair.logged'), logged, 'count'],
        [say('health.repair.unattributed'), unattributed, 'count'],
        [say('health.repair.archivedRanges'), archived, 'count'],
      ),
      statements: ['SELECT litemaas_console.rebuild_usage();'],
      blocks: 'log_writes',
      duration: total < 200_000 ? 'seconds' : total < 20_000_000 ? 'minutes' : 'long',
    };
  },
  async run({ client }) {
    await rebuildUsage(client);
    return say('health.repair.rebuildDone');
  },
};
