import { sql } from 'drizzle-orm';
import * as z from 'zod';
import type { AuditChange, AuditRow } from '../../shared/contract/audit';
import type { Contract } from '../../shared/contract/index';
import { AppError } from '../../shared/errors';
import { redact } from '../../shared/redact';
import type { Connection } from '../postgres/database';
import { maskJson } from '../masking/mask-json';
import { isUuid } from '../records/search-text';
import type { Handler } from '../router/handlers';
import { say } from '../kernel/say';
import { from } from '../postgres/relations';
import { undoableRecord } from '../changes/journal';
import { whyNoUndo } from '../changes/record-change';
import { auditRows } from './audit-rows';
import { diffFields, isRecord } from './diff-fields';
import { metadataText, parseMetadata } from './metadata-json';

const mostChanges = 500;
const longestMetadata = 100_000;

const storedDetails = z.strictObject({
  ipAddress: z.string().nullable(),
  userAgent: z.string().nullable(),
  /** As JSON. */
  metadata: z.string().nullable(),
});

/** One entry whole, its before and after compared field by field, secrets masked. Throws `not_found`. */
export const getAudit: Handler<Contract['audit']['get']> = ({ id }, { signal, workspace: { database } }) =>
  database.read(signal, async (connection) => {
    const [row] = await auditRows(connection, [id]);
    const [details] = await connection.select(
      storedDetails,
      sql`
        SELECT host(a.ip_address) AS "ipAddress", a.user_agent AS "userAgent", a.metadata::text
        FROM ${from('audit_logs', 'a')} WHERE a.id = ${id}`,
    );
    if (!row || !details) {
      throw new AppError('not_found', say('console.auditMissing'), { hint: say('console.auditMissingHint') });
    }
    const parsed = parseMetadata(details.metadata);
    const changes = changesOf(parsed);
    const noUndo = whyNoUndo(row.action);
    const metadata = metadataText(maskJson(parsed), 2);
    return {
      ...row,
      ipAddress: details.ipAddress,
      userAgent: details.userAgent === null ? null : redact(details.userAgent),
      undoRecordId: noUndo === null ? await undoableOf(connection, row, parsed) : null,
      noUndo,
      changes: changes.slice(0, mostChanges),
      changesAreCut: changes.length > mostChanges,
      metadata: metadata.slice(0, longestMetadata),
      metadataIsCut: metadata.length > longestMetadata,
    };
  });

const changeIdOf = z.object({ changeId: z.string().regex(/^\d{1,18}$/) });

/** What an entry says of its batch and its row of the journal is whatever its writer wrote: the journal decides. */
function undoableOf(
  connection: Connection,
  { batchId }: AuditRow,
  metadata: unknown,
): Promise<string | null> {
  const { data } = changeIdOf.safeParse(metadata);
  if (batchId === null || !isUuid(batchId) || data === undefined) return Promise.resolve(null);
  return undoableRecord(connection, batchId, data.changeId);
}

/** The console writes `before` and `after`; LiteMaaS writes `oldValues` and `newValues`, or only its `changes`. */
function changesOf(metadata: unknown): AuditChange[] {
  if (!isRecord(metadata)) return [];
  const before = metadata['before'] ?? metadata['oldValues'];
  const after = metadata['after'] ?? metadata['newValues'] ?? metadata['changes'];
  return diffFields(before, after);
}
