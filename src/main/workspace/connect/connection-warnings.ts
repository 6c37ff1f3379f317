import type { ConnectionReport } from '../../../shared/contract/workspace';
import { say } from '../../kernel/say';

const newestKnownMajor = 18;
const oldestForOurSchema = 150_000;
const expiresSoonDays = 30;
const dayMs = 86_400_000;

/** What a person should know before opening this database, the gravest first. */
export function warningsOf(report: Omit<ConnectionReport, 'warnings'>, now: Date): string[] {
  const { serverVersionNumber, serverVersion: version, tls, privileges } = report;
  const daysLeft =
    tls?.expiresAt === null || tls === null
      ? Number.POSITIVE_INFINITY
      : Math.floor((Date.parse(tls.expiresAt) - now.getTime()) / dayMs);
  const warnings: (string | false)[] = [
    report.unencrypted === 'network' && say('workspace.warnings.unencrypted'),
    tls?.verified === 'nothing' && say('workspace.warnings.notVerified'),
    tls?.verified === 'authority' && say('workspace.warnings.nameNotVerified'),
    report.role.superuser && say('workspace.warnings.superuser'),
    report.inRecovery && say('workspace.warnings.standby'),
    report.readOnlyByDefault && !report.inRecovery && say('workspace.warnings.readOnlyByDefault'),
    report.pooler && say('workspace.warnings.pooler'),
    serverVersionNumber < oldestForOurSchema && say('workspace.warnings.tooOldToMigrate', { version }),
    Math.floor(serverVersionNumber / 10_000) > newestKnownMajor &&
      say('workspace.warnings.newerThanKnown', { version }),
    daysLeft < expiresSoonDays &&
      say('workspace.warnings.certificateExpires', { count: Math.max(daysLeft, 0) }),
    privileges.tables > 0 && privileges.readableTables === 0 && say('workspace.warnings.nothingReadable'),
  ];
  return warnings.filter((warning) => warning !== false);
}
