import { sql } from 'drizzle-orm';
import type * as z from 'zod';
import { type AuditRow, auditRow } from '../../shared/contract/audit';
import { recordDefinitions, recordKinds } from '../../shared/records/index';
import { redact } from '../../shared/redact';
import type { Connection } from '../postgres/database';
import { pageRelation } from '../records/list-query';
import { from } from '../postgres/relations';
import { readReferences } from '../records/record-source';
import { recordSources } from '../search/record-kinds';
import { batchIdOf, osUserOf } from './audit-source';

const storedRow = auditRow.omit({ record: true });
type StoredRow = z.infer<typeof storedRow>;
type AuditedRecord = NonNullable<AuditRow['record']>;

/** Entries by id, in the order of `ids`, without secrets; each with the record it is about where that still exists. */
export async function auditRows(connection: Connection, ids: readonly string[]): Promise<AuditRow[]> {
  const rows = await connection.select(
    storedRow,
    sql`
      SELECT
        a.id, a.created_at AS "createdAt", a.action, a.resource_type AS "resourceType",
        a.resource_id AS "resourceId",
        CASE WHEN u.id IS NOT NULL THEN jsonb_build_object('id', u.id, 'label', u.username) END AS user,
        ${osUserOf} AS "osUser", a.metadata #>> '{operator,host}' AS host,
        a.metadata ->> 'reason' AS reason, ${batchIdOf} AS "batchId"
      FROM ${pageRelation(ids)}
      JOIN ${from('audit_logs', 'a')} ON a.id = page.id
      LEFT JOIN ${from('users', 'u')} ON u.id = a.user_id
      ORDER BY page.position`,
  );
  const records = await readRecords(connection, rows);
  return rows.map((row) => ({
    ...row,
    action: redact(row.action),
    resourceType: redactOrNull(row.resourceType),
    resourceId: redactOrNull(row.resourceId),
    reason: redactOrNull(row.reason),
    batchId: redactOrNull(row.batchId),
    osUser: redactOrNull(row.osUser),
    host: redactOrNull(row.host),
    record: records.get(recordKey(row)) ?? null,
  }));
}

const redactOrNull = (text: string | null): string | null => (text === null ? null : redact(text));

function recordKey({ resourceType, resourceId }: Pick<StoredRow, 'resourceType' | 'resourceId'>): string {
  return `${(resourceType ?? '').toUpperCase()} ${resourceId ?? ''}`;
}

/** The records of these entries that exist, by {@link recordKey}: one query for each kind that occurs. */
async function readRecords(
  connection: Connection,
  rows: readonly StoredRow[],
): Promise<Map<string, AuditedRecord>> {
  const records = new Map<string, AuditedRecord>();
  for (const kind of recordKinds) {
    const { area, resourceType: type, idType } = recordDefinitions[kind];
    const ids = rows
      .filter((row) => row.resourceType?.toUpperCase() === type)
      .flatMap(({ resourceId }) => (resourceId === null ? [] : [resourceId]));
    const found = await readReferences(connection, recordSources[kind], ids);
    // An id may have been written in another letter case than PostgreSQL gives it.
    const byId = new Map(found.map((record) => [record.id, record]));
    for (const id of ids) {
      const record = byId.get(idType === 'text' ? id : id.toLowerCase());
      if (record) records.set(`${type} ${id}`, { area, ...record });
    }
  }
  return records;
}
