import { sql, type SQL } from 'drizzle-orm';
import type { FilterValuesOf, ListedRecords, SortFieldOf } from '../../shared/records/definition';
import type { Connection } from '../postgres/database';
import type { WorkspaceCall } from '../router/handlers';
import { type ListSource, orderBy, type PageInput, readPage, type SortColumn } from './list-query';
import { type Found, findRecords, type RecordSource } from './record-source';
import { parseSearch } from './search-text';

/** A list in SQL: what its definition names, as conditions and columns of its source. */
export interface RecordList<Listed extends ListedRecords, Row> {
  readonly definition: Listed;
  readonly source: RecordSource;
  readonly sort: Readonly<Record<SortFieldOf<Listed>, SortColumn>>;
  /** Of each filter the column that has its value, or of a boolean what is true; else the condition for a value. */
  readonly filters: FilterConditions<Listed>;
  /**
   * The rows of some ids, in their order.
   * @param extent how much of long values: what a list shows, or what an export tells.
   */
  readonly rows: (
    connection: Connection,
    ids: readonly string[],
    extent: 'shown' | 'exported',
  ) => Promise<readonly Row[]>;
}

type FilterConditions<Listed extends ListedRecords> = {
  readonly [Name in keyof Listed['filters']]: SQL | ((value: FilterValuesOf<Listed>[Name]) => SQL);
};

/** What a list's procedures take, once it is checked. */
export interface ListInputOf<Listed extends ListedRecords> extends PageInput {
  readonly sort?: { readonly field: SortFieldOf<Listed>; readonly direction: 'asc' | 'desc' } | undefined;
  readonly search: string;
  readonly filters: { readonly [Name in keyof Listed['filters']]?: FilterValuesOf<Listed>[Name] | undefined };
}

/** Says of a kind of record how it is listed; checks that all that its definition names is there. */
export function recordList<Listed extends ListedRecords, Row>(
  list: RecordList<Listed, Row>,
): RecordList<Listed, Row> {
  return list;
}

/** What a list, its count and its export have in common. */
export async function listSource<Listed extends ListedRecords>(
  connection: Connection,
  list: RecordList<Listed, unknown>,
  input: ListInputOf<Listed>,
): Promise<ListSource> {
  const search = parseSearch(input.search);
  return sourceOf(list, input, await findRecords(connection, list.source, search));
}

function sourceOf<Listed extends ListedRecords>(
  list: RecordList<Listed, unknown>,
  input: ListInputOf<Listed>,
  found: Found,
): ListSource {
  const { definition, source, sort } = list;
  const { field, direction } = input.sort ?? definition.order;
  const column = sort[field as SortFieldOf<Listed>];
  return {
    from: sql`${source.from} ${found.join}`,
    ...(column.join === undefined ? {} : { sortJoin: column.join }),
    id: source.id,
    where: conditions(list.filters, input.filters),
    search: found.where,
    orderBy: orderBy(column, direction, source.id),
    searched: found.where.length > 0,
    costlyToCount: found.isCostly,
  };
}

function conditions<Listed extends ListedRecords>(
  filters: FilterConditions<Listed>,
  values: ListInputOf<Listed>['filters'],
): SQL[] {
  return Object.entries(values).flatMap(([name, value]) => {
    const condition: SQL | ((value: never) => SQL) | undefined = filters[name];
    if (condition === undefined || value === undefined) return [];
    if (typeof condition === 'function') return [condition(value as never)];
    if (typeof value === 'boolean') return [value ? condition : sql`NOT ${condition}`];
    return [sql`${condition} = ${value}`];
  });
}

/** The handler of an area's `list`: one page. */
export function listHandler<Listed extends ListedRecords, Row>(list: RecordList<Listed, Row>) {
  return (
    input: ListInputOf<Listed>,
    { signal, workspace: { database } }: WorkspaceCall,
  ): Promise<{ rows: Row[]; total: number; totalIsExact: boolean }> =>
    database.read(signal, async (connection) => {
      const source = await listSource(connection, list, input);
      const { ids, ...count } = await readPage(connection, source, input);
      return { rows: [...(await list.rows(connection, ids, 'shown'))], ...count };
    });
}
