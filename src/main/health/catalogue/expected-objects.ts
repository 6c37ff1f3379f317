import type { CatalogueItem } from './catalogue-item';
import { searchIndexes } from '../checks/check-search';

/** What the migrations make, asked by name: the console repairs nothing that is somebody's own. */
export interface ExpectedObjects {
  /** True for an index of the migrations: by itself, behind a constraint, or a partition's part of one. */
  ownsIndex(schema: string, table: string, index: string): boolean;
  ownsConstraint(schema: string, table: string, constraint: string): boolean;
  /** The index as the migrations make it, with its statement; undefined for one behind a constraint. */
  index(schema: string, name: string): CatalogueItem | undefined;
}

/** Loads the expected catalogue: half a thousand items, for whoever asks first. */
export async function loadExpectedObjects(): Promise<ExpectedObjects> {
  const { expectedCatalogue } = await import('./expected-catalogue');
  const find = (kind: CatalogueItem['kind'], schema: string, name: string): CatalogueItem | undefined =>
    expectedCatalogue.find((item) => item.kind === kind && item.schema === schema && item.name === name);
  return {
    ownsIndex: (schema, table, index) =>
      find('index', schema, index)?.relation === table ||
      find('constraint', schema, index)?.relation === table ||
      (schema === 'public' && searchIndexes.some((name) => name === index)) ||
      (schema === 'public' && /^usage_logs_(default|\d{4}_\d{2})$/.test(table)),
    ownsConstraint: (schema, table, constraint) => find('constraint', schema, constraint)?.relation === table,
    index: (schema, name) => find('index', schema, name),
  };
}
