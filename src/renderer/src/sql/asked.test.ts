import { describe, expect, it } from 'vitest';
import { ApiError } from '../api/api-error';
import { errorPosition, isUnchanged, lineAndColumn } from './asked';

const refused = (details: Record<string, string>): ApiError =>
  new ApiError({ code: 'db_server', message: 'No.', details });

describe('the place of an error', () => {
  it('is there only while the statement stands where it was', () => {
    const asked = { what: 'run', statement: 'selekt 1', offset: 2, schemas: [], confirmed: [] } as const;
    expect(isUnchanged(asked, '; selekt 1')).toBe(true);
    expect(isUnchanged(asked, '; selekt 1; select 2')).toBe(true);
    expect(isUnchanged(asked, 'selekt 1')).toBe(false);
    expect(isUnchanged(asked, '; select 1')).toBe(false);
  });

  it('counts from where the statement begins in the editor', () => {
    const asked = { what: 'run', statement: 'selekt 1', offset: 10, schemas: [], confirmed: [] } as const;
    expect(errorPosition(asked, refused({ position: '1' }))).toBe(10);
    expect(errorPosition(asked, refused({ position: '8' }))).toBe(17);
  });

  it('is unknown where PostgreSQL names none', () => {
    const asked = { what: 'run', statement: 'select 1', offset: 0, schemas: [], confirmed: [] } as const;
    expect(errorPosition(asked, refused({}))).toBeNull();
    expect(errorPosition(asked, refused({ position: 'x' }))).toBeNull();
  });

  it('is told as line and column', () => {
    expect(lineAndColumn('select\n  x', 0)).toEqual({ line: 1, column: 1 });
    expect(lineAndColumn('select\n  x', 9)).toEqual({ line: 2, column: 3 });
  });
});
