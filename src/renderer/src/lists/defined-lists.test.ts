import { describe, expect, it } from 'vitest';
import { contract } from '../../../shared/contract/index';
import { auditDefinition } from '../../../shared/records/audit';
import type { FilterDefinition, ListedArea } from '../../../shared/records/definition';
import { recordDefinitions } from '../../../shared/records/index';
import { listUrl, readListUrl } from './list-url';

const id = '0b2c7f6e-8a4d-4c1e-9f3b-5d6e7f8a9b0c';

/** Of each kind of filter something an address may set, and something it may not. */
function addressOf(filter: FilterDefinition): { readonly right: string; readonly wrong: string | null } {
  switch (filter.kind) {
    case 'boolean':
      return { right: 'false', wrong: 'maybe' };
    case 'choice':
      return { right: filter.values[1] ?? '', wrong: 'nothing of it' };
    case 'text':
      return { right: 'any text', wrong: null };
    case 'day':
      return { right: '2024-02-29', wrong: '2023-02-29' };
    case 'record':
      return filter.of === 'model'
        ? { right: 'openai/gpt 4o', wrong: null }
        : { right: id, wrong: 'openai/gpt 4o' };
    case 'ids':
      return { right: `${id},${id}`, wrong: `${id},x` };
  }
}

const definitions: readonly ListedArea[] = [...Object.values(recordDefinitions), auditDefinition];

describe.each(definitions.map((definition) => [definition.area, definition] as const))(
  'the list of %s',
  (area, definition) => {
    const filters = Object.entries(definition.filters);
    const read = (params: Record<string, string>) =>
      readListUrl(new URLSearchParams(params), listUrl(definition));

    it.each(filters)('takes from the address what its contract takes as %s', (name, filter) => {
      const { right, wrong } = addressOf(filter);
      const value = filter.kind === 'boolean' ? right === 'true' : right;
      const input = read({ [name]: right });
      expect(input.filters).toEqual({ [name]: value });
      expect(contract[area].list.input.parse(input).filters).toEqual({ [name]: value });
      if (wrong !== null) expect(read({ [name]: wrong }).filters).toEqual({});
    });

    it.each(definition.sortFields)('is sorted by %s', (field) => {
      const sort = { field, direction: 'desc' };
      const input = read({ sort: `${field}:desc` });
      expect(input.sort).toEqual(sort);
      expect(contract[area].list.input.parse(input).sort).toEqual(sort);
    });

    it('refuses what it is not defined by', () => {
      const { input } = contract[area].list;
      expect(input.safeParse({ filters: { secret: 'x' } }).success).toBe(false);
      expect(input.safeParse({ filters: {}, sort: { field: 'secret', direction: 'asc' } }).success).toBe(
        false,
      );
      expect(definition.sortFields).toContain(definition.order.field);
    });
  },
);

it('takes a text no longer than it may be, and no more ids', () => {
  const { input } = contract.users.list;
  const filtered = (filters: object) => input.safeParse({ filters }).success;
  expect(filtered({ role: 'r'.repeat(50) })).toBe(true);
  expect(filtered({ role: 'r'.repeat(51) })).toBe(false);
  // A database may hold other states than those that are offered.
  expect(filtered({ syncStatus: 'stale' })).toBe(true);
  expect(filtered({ syncStatus: 's'.repeat(21) })).toBe(false);
  expect(filtered({ ids: Array.from({ length: 2_000 }, () => id).join(',') })).toBe(true);
  expect(filtered({ ids: Array.from({ length: 2_001 }, () => id).join(',') })).toBe(false);
});
