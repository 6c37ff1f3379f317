import type { RelationName, RowFilter } from '../../shared/contract/browse';

/** What a cursor is good for: this list with these filters in this order, in this workspace. */
export function cursorPurpose(
  workspaceId: string,
  {
    schema,
    relation,
    filters,
    sort,
  }: RelationName & { readonly filters: readonly RowFilter[]; readonly sort?: object | undefined },
): string {
  return JSON.stringify(['cursor', workspaceId, schema, relation, filters, sort ?? null]);
}

/** What the name of a row is good for: finding it again in its relation. */
export function cellPurpose(workspaceId: string, { schema, relation }: RelationName): string {
  return JSON.stringify(['row', workspaceId, schema, relation]);
}
