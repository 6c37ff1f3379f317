import { sql } from 'drizzle-orm';
import * as z from 'zod';
import type { AuditRow } from '../../shared/contract/audit';
import type { Contract } from '../../shared/contract/index';
import { AppError } from '../../shared/errors';
import { redact } from '../../shared/redact';
import { type CsvColumn, csvFile } from '../export/csv-file';
import { say } from '../kernel/say';
import type { Connection, Database } from '../postgres/database';
import { maskJson } from '../masking/mask-json';
import { pageRelation, readAllIds } from '../records/list-query';
import { from, tables } from '../postgres/relations';
import type { FileContent, Handler } from '../router/handlers';
import type { OpenWorkspace } from '../workspace/open-workspace';
import { auditRows } from './audit-rows';
import { type AuditListInput, auditSource } from './audit-source';
import { metadataText, parseMetadata } from './metadata-json';
import { writeAudit } from '../changes/write-audit';

interface ExportedRow extends AuditRow {
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
  /** As JSON, without secrets. */
  readonly metadata: string;
}

const storedDetails = z.strictObject({
  id: z.string(),
  ipAddress: z.string().nullable(),
  userAgent: z.string().nullable(),
  /** As JSON. */
  metadata: z.string().nullable(),
});

const columns: readonly CsvColumn<ExportedRow>[] = [
  { heading: 'id', value: (entry) => entry.id },
  { heading: 'created_at', type: 'instant', value: (entry) => entry.createdAt },
  { heading: 'action', value: (entry) => entry.action },
  { heading: 'resource_type', value: (entry) => entry.resourceType },
  { heading: 'resource_id', value: (entry) => entry.resourceId },
  { heading: 'resource', value: (entry) => entry.record?.label ?? null },
  { heading: 'user_id', value: (entry) => entry.user?.id ?? null },
  { heading: 'username', value: (entry) => entry.user?.label ?? null },
  { heading: 'os_user', value: (entry) => entry.osUser },
  { heading: 'host', value: (entry) => entry.host },
  { heading: 'reason', value: (entry) => entry.reason },
  { heading: 'batch_id', value: (entry) => entry.batchId },
  { heading: 'ip_address', value: (entry) => entry.ipAddress },
  { heading: 'user_agent', value: (entry) => entry.userAgent },
  { heading: 'metadata', value: (entry) => entry.metadata },
];

/**
 * Every entry the list would show, without secrets. Where the workspace may be changed, the export leaves an entry of
 * its own before the first row is written: none goes out unrecorded.
 */
export const exportAudit: Handler<Contract['audit']['exportCsv']> = async (input, { signal, workspace }) => {
  const { database, reportingTimeZone } = workspace;
  const content = csvFile({
    name: 'audit-log',
    columns,
    database,
    async *rows(connection, signal) {
      const source = await auditSource(connection, input, reportingTimeZone);
      for await (const ids of readAllIds(connection, source, signal))
        yield await exportedRows(connection, ids);
    },
  });
  if (database.readOnly) return content;
  await checkMayRecord(database, signal);
  return recorded(content, input, workspace);
};

const privilege = z.strictObject({ mayRecord: z.boolean() });

/** Says it before the file is begun: what fails later ends a download without a word. */
async function checkMayRecord(database: Database, signal: AbortSignal): Promise<void> {
  const [found] = await database.read(signal, ({ select }) =>
    select(privilege, sql`SELECT has_table_privilege(${tables.audit_logs}, 'INSERT') AS "mayRecord"`),
  );
  if (found?.mayRecord === true) return;
  throw new AppError('db_permission', say('records.audit.mayNotRecord'), {
    hint: say('records.audit.mayNotRecordHint'),
  });
}

function recorded(content: FileContent, input: AuditListInput, workspace: OpenWorkspace): FileContent {
  return {
    ...content,
    async write(target, signal) {
      try {
        await workspace.database.write(signal, (connection) =>
          writeAudit(connection, workspace, [
            {
              action: 'AUDIT_EXPORT',
              resourceType: 'AUDIT_LOG',
              resourceId: null,
              metadata: { filters: input.filters, search: redact(input.search) },
            },
          ]),
        );
      } catch (error) {
        target.destroy(error instanceof Error ? error : new Error(String(error)));
        throw error;
      }
      workspace.dataChanged();
      await content.write(target, signal);
    },
  };
}

async function exportedRows(connection: Connection, ids: readonly string[]): Promise<ExportedRow[]> {
  const rows = await auditRows(connection, ids);
  const details = await connection.select(
    storedDetails,
    sql`
      SELECT a.id, host(a.ip_address) AS "ipAddress", a.user_agent AS "userAgent", a.metadata::text
      FROM ${pageRelation(ids)} JOIN ${from('audit_logs', 'a')} ON a.id = page.id`,
  );
  const byId = new Map(details.map((entry) => [entry.id, entry]));
  return rows.flatMap((row) => {
    const found = byId.get(row.id);
    if (!found) return [];
    const { ipAddress, userAgent, metadata } = found;
    return [
      {
        ...row,
        ipAddress,
        userAgent: userAgent === null ? null : redact(userAgent),
        metadata: metadataText(maskJson(parseMetadata(metadata))),
      },
    ];
  });
}
