import type { ValueLink } from '../lists/value-grid';
import type { Relation } from './relation-screen';
import { relationPath } from '../records/rows-url';

/**
 * Where the values of each column lead: to the row that a foreign key of this one column points to. Keys over
 * several columns have no single value to follow.
 * @param label what a link is called, given the name of the relation it leads to.
 */
export function foreignKeyLinks(
  foreignKeys: Relation['foreignKeys'],
  label: (relation: string) => string,
): ReadonlyMap<string, ValueLink> {
  const links = new Map<string, ValueLink>();
  for (const { schema, relation, columns, referencedColumns } of foreignKeys) {
    const [column] = columns;
    const [referenced] = referencedColumns;
    if (columns.length !== 1 || column === undefined || referenced === undefined) continue;
    links.set(column, {
      label: label(relation),
      pathOf: (value) =>
        relationPath({ schema, relation }, [{ column: referenced, operator: 'equals', value }]),
    });
  }
  return links;
}
