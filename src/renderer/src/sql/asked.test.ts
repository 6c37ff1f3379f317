import { describe, expect, it } from 'vitest';
import { ApiError } from '../api/api-error';
import { errorPosition, lineAndColumn } from './asked';

const refused = (details: Record<string, string>): ApiError =>
  new ApiError({ code: 'db_server', message: 'No.', details });

describe('the place of an error', () => {
  it('counts from where the statement begins in the editor', () => {
    const asked = { what: 'run', statement: 'selekt 1', offset: 10 } as const;
    expect(errorPosition(asked, refused({ position: '1' }))).toBe(10);
    expect(errorPosition(asked, refused({ position: '8' }))).toBe(17);
  });

  it('is unknown where PostgreSQL names none', () => {
    const asked = { what: 'run', statement: 'select 1', offset: 0 } as const;
    expect(errorPosition(asked, refused({}))).toBeNull();
    expect(errorPosition(asked, refused({ position: 'x' }))).toBeNull();
  });

  it('is told as line and column', () => {
    expect(lineAndColumn('select\n  x', 0)).toEqual({ line: 1, column: 1 });
    expect(lineAndColumn('select\n  x', 9)).toEqual({ line: 2, column: 3 });
  });
});
