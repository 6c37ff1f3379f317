import type { RelationName } from '../../shared/contract/browse';

/** What a cursor is good for: this list in this order, in this workspace. */
export function cursorPurpose(
  workspaceId: string,
  { schema, relation, sort }: RelationName & { readonly sort?: object | undefined },
): string {
  return JSON.stringify(['cursor', workspaceId, schema, relation, sort ?? null]);
}

/** What the name of a row is good for: finding it again in its relation. */
export function cellPurpose(workspaceId: string, { schema, relation }: RelationName): string {
  return JSON.stringify(['row', workspaceId, schema, relation]);
}
