import { describe, expect, it } from 'vitest';
import { defineList, isKeyValue, readListUrl, writeListUrl } from './list-url';

const users = defineList({
  sortFields: ['username', 'createdAt'],
  filters: { active: 'boolean', role: 'text', teamId: 'uuid', state: ['active', 'revoked'] },
});

describe('readListUrl', () => {
  it('reads page, size, order, search and typed filters', () => {
    const params = new URLSearchParams('page=3&size=50&sort=createdAt:desc&q=ann&active=false&state=revoked');
    expect(readListUrl(params, users)).toEqual({
      page: 2,
      pageSize: 50,
      sort: { field: 'createdAt', direction: 'desc' },
      search: 'ann',
      filters: { active: false, state: 'revoked' },
    });
  });
  it('leaves out what an edited address got wrong', () => {
    const params = new URLSearchParams(
      'page=-4&size=9999&sort=password:desc&active=maybe&state=gone&teamId=x',
    );
    expect(readListUrl(params, users)).toEqual({ page: 0, pageSize: 25, search: '', filters: {} });
  });
  it('reads the id of a record', () => {
    const teamId = '0b2c7f6e-8a4d-4c1e-9f3b-5d6e7f8a9b0c';
    expect(readListUrl(new URLSearchParams({ teamId }), users).filters).toEqual({ teamId });
  });
  it('reads the ids of several records, and none where one of them is no id', () => {
    const chosen = defineList({ sortFields: ['username'], filters: { ids: 'uuids' } });
    const ids = '0b2c7f6e-8a4d-4c1e-9f3b-5d6e7f8a9b0c,1b2c7f6e-8a4d-4c1e-9f3b-5d6e7f8a9b0c';
    expect(readListUrl(new URLSearchParams({ ids }), chosen).filters).toEqual({ ids });
    expect(readListUrl(new URLSearchParams({ ids: `${ids},` }), chosen).filters).toEqual({});
  });
  it('keeps two lists on one page apart', () => {
    const members = defineList({ sortFields: ['role'], filters: {}, prefix: 'members.' });
    const params = new URLSearchParams('page=5&members.page=2');
    expect(readListUrl(params, members).page).toBe(1);
  });
});

describe('writeListUrl', () => {
  it('goes back to the first page when anything else changes', () => {
    const next = writeListUrl(new URLSearchParams('page=4&q=a'), { active: 'true' });
    expect(next.toString()).toBe('q=a&active=true');
  });
  it('removes what is empty and leaves the other list alone', () => {
    const next = writeListUrl(new URLSearchParams('q=a&members.q=b&members.page=2'), { q: '' }, 'members.');
    expect(next.toString()).toBe('q=a');
  });
});

describe('isKeyValue', () => {
  it('tells a pasted key from the prefix a list shows', () => {
    expect(isKeyValue('sk-2PpQ93kd8aLmN')).toBe(true);
    expect(isKeyValue('sk-2PpQ')).toBe(false);
    expect(isKeyValue('task-force-of-nine')).toBe(false);
  });
});
