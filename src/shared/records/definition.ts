/**
 * What a list may be narrowed by. The contract's schema, the address in the URL, the field above the list and the
 * condition in SQL are made from it.
 */
export type FilterDefinition = (
  | { readonly kind: 'boolean' }
  /** Values the console offers. With `longest` the database may hold others, of so many characters. */
  | { readonly kind: 'choice'; readonly values: readonly string[]; readonly longest?: number }
  | { readonly kind: 'text'; readonly longest: number }
  /** A day in the reporting zone. */
  | { readonly kind: 'day' }
  /** The id of another record. */
  | { readonly kind: 'record'; readonly of: RecordDefinition['kind'] }
  /** Several records of the list itself, at most so many: their ids divided by commas. */
  | { readonly kind: 'ids'; readonly most: number }
) & {
  /** Only a link sets it: no field offers it, but it can be seen and taken away. */
  readonly byLink?: true;
};

/** What can be listed: sorted by some fields and narrowed by filters. */
export interface ListedRecords {
  readonly sortFields: readonly [string, ...string[]];
  /** The list's own order. */
  readonly order: { readonly field: string; readonly direction: 'asc' | 'desc' };
  /** In the order in which a screen offers them. */
  readonly filters: Readonly<Record<string, FilterDefinition>>;
}

/** An area whose screen is a list. */
export interface ListedArea extends ListedRecords {
  /** As the contract calls it. */
  readonly area: 'users' | 'teams' | 'models' | 'subscriptions' | 'apiKeys' | 'audit';
  /** Its part of an address: `/api-keys/…`; also the name of its files. */
  readonly path: 'users' | 'teams' | 'models' | 'subscriptions' | 'api-keys' | 'audit';
}

/** A kind of record that has a page of its own: how it is called, sorted, narrowed and edited, said once. */
export interface RecordDefinition extends ListedArea {
  readonly kind: 'user' | 'team' | 'model' | 'subscription' | 'apiKey';
  readonly area: Exclude<ListedArea['area'], 'audit'>;
  readonly path: Exclude<ListedArea['path'], 'audit'>;
  /** What the audit trail calls it. */
  readonly resourceType: 'USER' | 'TEAM' | 'MODEL' | 'SUBSCRIPTION' | 'API_KEY';
  /** How its ids are written: a model's is a name that LiteLLM gives. */
  readonly idType: 'uuid' | 'text';
  /** What a person may set, by the contract's names: the record's version is made of it. */
  readonly editable: readonly string[];
}

export type SortFieldOf<Listed extends ListedRecords> = Listed['sortFields'][number];

type ValueOf<Filter> = Filter extends { readonly kind: 'boolean' }
  ? boolean
  : Filter extends { readonly kind: 'choice'; readonly longest: number }
    ? string
    : Filter extends { readonly kind: 'choice'; readonly values: readonly (infer Value)[] }
      ? Value
      : string;

/** What each filter of a list may be set to. */
export type FilterValuesOf<Listed extends ListedRecords> = {
  readonly [Name in keyof Listed['filters']]: ValueOf<Listed['filters'][Name]>;
};

/** Up to this many characters has the id of a model, which LiteLLM gives. */
export const longestModelId = 255;

/** The schema's sync_status. */
export const syncStatus = { kind: 'choice', values: ['pending', 'synced', 'error'], longest: 20 } as const;
