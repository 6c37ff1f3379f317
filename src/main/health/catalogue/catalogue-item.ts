/** What a schema is made of, as far as it is compared. */
export const catalogueKinds = [
  'table',
  'enum',
  'column',
  'constraint',
  'index',
  'trigger',
  'view',
  'function',
] as const;

/** One object of a schema as plain text: two databases with equal items have the same schema. */
export interface CatalogueItem {
  readonly kind: (typeof catalogueKinds)[number];
  readonly schema: string;
  /** The table or composite type that a column, constraint, index or trigger belongs to. */
  readonly relation: string | null;
  /** For a function with the types of its arguments. */
  readonly name: string;
  /** What is compared, by name: for a column its `type`, `notNull`, `default`, … */
  readonly parts: Readonly<Record<string, string>>;
  /** The statement that creates it: of an index. */
  readonly creation?: string;
}

/** A name for an item that no other has. */
export function itemKey({ kind, schema, relation, name }: CatalogueItem): string {
  return [kind, schema, relation ?? '', name].join('\u0000');
}

/** How a person reads it: `public.users.email`, `public.join_default_team()`. */
export function itemLabel({ schema, relation, name }: CatalogueItem): string {
  return [schema, relation, name].filter((part) => part !== null).join('.');
}
