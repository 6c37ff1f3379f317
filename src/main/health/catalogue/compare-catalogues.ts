import { type CatalogueItem, catalogueKinds, itemKey } from './catalogue-item';

/** One place where a database's schema is not what the migrations make. */
export type CatalogueDifference =
  | { readonly state: 'missing'; readonly expected: CatalogueItem }
  | { readonly state: 'extra'; readonly found: CatalogueItem }
  | {
      readonly state: 'changed';
      readonly expected: CatalogueItem;
      readonly found: CatalogueItem;
      /** Names of the parts that differ. */
      readonly parts: readonly string[];
    };

/**
 * What differs, in the order of kinds and then of the expectation. What belongs to a table that is missing or extra as
 * a whole is not named again.
 */
export function compareCatalogues(
  expected: readonly CatalogueItem[],
  found: readonly CatalogueItem[],
): CatalogueDifference[] {
  const expectedKeys = new Map(expected.map((item) => [itemKey(item), item]));
  const foundKeys = new Map(found.map((item) => [itemKey(item), item]));
  const expectedRelations = relationsOf(expected);
  const foundRelations = relationsOf(found);

  const differences = expected.flatMap((item): CatalogueDifference[] => {
    const other = foundKeys.get(itemKey(item));
    if (other) {
      const parts = differingParts(item, other);
      return parts.length === 0 ? [] : [{ state: 'changed', expected: item, found: other, parts }];
    }
    return item.relation === null || foundRelations.has(relationKey(item))
      ? [{ state: 'missing', expected: item }]
      : [];
  });
  const extra = found
    .filter((item) => !expectedKeys.has(itemKey(item)))
    .filter((item) => item.relation === null || expectedRelations.has(relationKey(item)))
    .map((item): CatalogueDifference => ({ state: 'extra', found: item }));
  return [...differences, ...extra].toSorted((a, b) => kindOrder(a) - kindOrder(b));
}

const itemOf = (difference: CatalogueDifference): CatalogueItem =>
  difference.state === 'extra' ? difference.found : difference.expected;

const kindOrder = (difference: CatalogueDifference): number =>
  catalogueKinds.indexOf(itemOf(difference).kind);

const relationKey = ({ schema, relation }: CatalogueItem): string => `${schema}\u0000${relation ?? ''}`;

/** Relations that exist: by their own item or (composite types have none) by their columns. */
function relationsOf(items: readonly CatalogueItem[]): ReadonlySet<string> {
  return new Set(
    items.flatMap((item) => {
      if (item.kind === 'table') return [`${item.schema}\u0000${item.name}`];
      return item.kind === 'column' ? [relationKey(item)] : [];
    }),
  );
}

function differingParts(expected: CatalogueItem, found: CatalogueItem): string[] {
  const names = new Set([...Object.keys(expected.parts), ...Object.keys(found.parts)]);
  return [...names].filter((name) => expected.parts[name] !== found.parts[name]);
}
