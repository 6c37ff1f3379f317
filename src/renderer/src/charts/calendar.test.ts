import { describe, expect, it } from 'vitest';
import { addDays, dayIn, lastDays } from './calendar';

describe('calendar days', () => {
  it('belong to the reporting zone, not to UTC', () => {
    const moment = new Date('2026-03-01T20:00:00Z');
    expect(dayIn('UTC', moment)).toBe('2026-03-01');
    expect(dayIn('Asia/Kolkata', moment)).toBe('2026-03-02');
    expect(dayIn('America/Los_Angeles', moment)).toBe('2026-03-01');
  });
  it('cross months, leap days and clock changes', () => {
    expect(addDays('2028-02-28', 1)).toBe('2028-02-29');
    expect(addDays('2026-01-01', -1)).toBe('2025-12-31');
    expect(addDays('2026-03-28', 2)).toBe('2026-03-30');
  });
  it('count today as one of the last days', () => {
    expect(lastDays(30, 'UTC', new Date('2026-11-22T12:00:00Z'))).toEqual({
      from: '2026-10-24',
      to: '2026-11-22',
    });
    expect(lastDays(1, 'UTC', new Date('2026-11-22T12:00:00Z'))).toEqual({
      from: '2026-11-22',
      to: '2026-11-22',
    });
  });
});
