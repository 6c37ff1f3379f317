import type { Contract } from '../../shared/contract/index';
import { readPage } from '../records/list-query';
import type { Handler } from '../router/handlers';
import { auditRows } from './audit-rows';
import { auditSource } from './audit-source';

/** One page of the audit log, the newest entries first; entries of one moment are ordered by id. */
export const listAudit: Handler<Contract['audit']['list']> = (
  input,
  { signal, workspace: { database, reportingTimeZone } },
) =>
  database.read(signal, async (connection) => {
    const source = await auditSource(connection, input, reportingTimeZone);
    const { ids, ...count } = await readPage(connection, source, input);
    return { rows: await auditRows(connection, ids), ...count };
  });
