import { sql } from 'drizzle-orm';
import * as z from 'zod';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditSource } from '../../../src/main/audit/audit-source';
import { allConditions, whereClause } from '../../../src/main/records/list-query';
import { contract } from '../../../src/shared/contract/index';
import { insertAuditEntry } from '../../support/builders';
import { type AreaCalls, openAreaCalls } from '../areas/area-calls';

let areas: AreaCalls;
beforeAll(async () => {
  areas = await openAreaCalls();
  await insertAuditEntry(areas.client, { action: 'USER_UPDATE', resource_type: 'USER' });
});
afterAll(() => areas.close());

/**
 * The plan of a page of the audit log where PostgreSQL sorts or scans the table only if no index can do it: what an
 * index serves here it serves at a million entries.
 */
function planOf(input: object, { ordered = true } = {}): Promise<string> {
  return areas.workspace.database.read(new AbortController().signal, async (connection) => {
    const { run, select } = connection;
    await run(sql`SELECT set_config('enable_sort', 'off', true), set_config('enable_seqscan', 'off', true)`);
    const list = await auditSource(
      connection,
      contract.audit.list.input.parse({ filters: {}, ...input }),
      'UTC',
    );
    const rows = await select(
      z.strictObject({ 'QUERY PLAN': z.string() }),
      sql`
      EXPLAIN (COSTS OFF) SELECT ${list.id} FROM ${list.from} ${whereClause(allConditions(list))}
      ${ordered ? sql`ORDER BY ${list.orderBy} LIMIT 25` : sql``}`,
    );
    return rows.map((row) => row['QUERY PLAN']).join('\n');
  });
}

const readsTheTable = /Seq Scan|^ *(-> +)?Sort$/m;

describe('the plan of the audit log', () => {
  it.each([
    ['changes', {}],
    ['changes, the oldest first', { sort: { field: 'createdAt', direction: 'asc' } }],
    ['every entry', { filters: { withAccesses: true } }],
    ['one action', { filters: { action: 'USER_UPDATE' } }],
    ['one type', { filters: { resourceType: 'USER' } }],
    ['one user', { filters: { userId: '00000000-0000-4000-8000-000000000001' } }],
    ['some days', { filters: { from: '2026-11-01', to: '2026-11-02' } }],
  ])('reads %s in order from an index', async (_name, input) => {
    expect(await planOf(input)).not.toMatch(readsTheTable);
  });

  it.each([
    ['one record', { filters: { resourceId: 'x' } }, 'audit_logs_resource_prefix'],
    ['one batch', { filters: { batchId: 'x' } }, 'audit_logs_batch'],
    ['one OS user', { filters: { osUser: 'x' } }, 'audit_logs_os_user'],
    ['the beginning of an id', { search: 'abcd' }, 'audit_logs_resource_prefix'],
  ])('finds %s by its index', async (_name, input, index) => {
    const plan = await planOf({ ...input, ...withAccesses(input) }, { ordered: false });
    expect(plan).toContain(index);
    expect(plan).not.toMatch(/Seq Scan/);
  });
});

/** Without the condition that leaves API access out: on an empty table its index would do for everything. */
function withAccesses(input: object): object {
  const filters: unknown = 'filters' in input ? input.filters : {};
  return { filters: { ...(filters as object), withAccesses: true } };
}
