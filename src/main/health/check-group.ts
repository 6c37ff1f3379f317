import type { Contract } from '../../shared/contract/index';
import { type HealthFinding, type HealthGroup, maxFindings } from '../../shared/contract/health';
import type { Handler } from '../router/handlers';
import { say } from '../kernel/say';
import { identifyDatabase } from '../postgres/passport';
import { obstacleToPartitions } from '../usage-log/keep-partitions';
import { inspectSchema } from '../workspace/inspect-schema';
import type { Check } from './checks/check';
import { checkCapacity } from './checks/check-capacity';
import { checkIndexes } from './checks/check-indexes';
import { checkPartitions } from './checks/check-partitions';
import { checkSchema } from './checks/check-schema';
import { checkSessions } from './checks/check-sessions';
import { checkTables } from './checks/check-tables';

const checks: Record<HealthGroup, Check> = {
  schema: checkSchema,
  indexes: checkIndexes,
  partitions: checkPartitions,
  capacity: checkCapacity,
  tables: checkTables,
  sessions: checkSessions,
};

/** Groups that compare with what the migrations make; the others run on any PostgreSQL from 12 on. */
const needOurSchema: ReadonlySet<HealthGroup> = new Set(['schema', 'partitions']);

const severities = ['error', 'warning', 'info'] as const;

/**
 * Runs one group of checks, in one read-only snapshot.
 * @throws AppError as reading does (`db_permission`, `db_timeout`, …).
 */
export function createCheckGroup(migrationsFolder: string): Handler<Contract['health']['check']> {
  return ({ group }, { signal, workspace: { database } }) =>
    database.read(signal, async (connection) => {
      const passport = await identifyDatabase(connection.client);
      const schema = await inspectSchema(connection.client, passport, migrationsFolder);
      const now = new Date();
      const report = { group, checkedAt: now.toISOString().replace('Z', '000Z') };
      if (needOurSchema.has(group) && schema !== 'current') {
        return {
          ...report,
          applies: false,
          notes: [say(schema === 'foreign' ? 'health.notOurs' : `health.notCurrent.${schema}`)],
          findings: [],
          total: 0,
        };
      }
      const { findings, notes = [] } = await checks[group]({
        connection,
        isOurs: schema === 'current',
        now,
        partitionsObstacle: obstacleToPartitions(database),
      });
      return {
        ...report,
        applies: true,
        notes: [...notes],
        findings: findings.toSorted(bySeverity).slice(0, maxFindings),
        total: findings.length,
      };
    });
}

function bySeverity(a: HealthFinding, b: HealthFinding): number {
  return severities.indexOf(a.severity) - severities.indexOf(b.severity);
}
