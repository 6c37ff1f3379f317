import { describe, expect, it } from 'vitest';
import { periodChanges, readUsageView, usagePath, writeUsageView } from './usage-url';

const now = new Date('2026-11-22T12:00:00Z');
const userId = '0b2c7f6e-8a4d-4c1e-9f3b-5d6e7f8a9b0c';
const read = (text: string) => readUsageView(new URLSearchParams(text), 'UTC', now);

describe('readUsageView', () => {
  it('begins with all requests of the last 30 days', () => {
    expect(read('')).toEqual({
      period: '30d',
      range: { from: '2026-10-24', to: '2026-11-22' },
      filters: {},
      metric: 'requests',
      split: null,
      top: 5,
      isTable: false,
      isCompared: false,
      by: 'model',
    });
  });
  it('reads everything it can show', () => {
    expect(
      read(
        `from=2026-01-01&to=2026-01-31&metric=cost&split=team&top=10&view=table&by=apiKey&userId=${userId}`,
      ),
    ).toEqual({
      period: 'custom',
      range: { from: '2026-01-01', to: '2026-01-31' },
      filters: { userId },
      metric: 'cost',
      split: 'team',
      top: 10,
      isTable: true,
      isCompared: false,
      by: 'apiKey',
    });
  });
  it('leaves out what an edited address got wrong', () => {
    const view = read('from=2026-02-31&to=2026-01-01&period=ever&metric=luck&split=mood&top=7&userId=me');
    expect(view).toEqual(read(''));
  });
});

describe('writeUsageView', () => {
  it('goes back to the first page of the breakdown', () => {
    expect(writeUsageView(new URLSearchParams('page=3&sort=cost:desc'), { split: 'user' }).toString()).toBe(
      'sort=cost%3Adesc&split=user',
    );
  });
  it('lets a preset replace custom days, and custom days a preset', () => {
    const custom = writeUsageView(new URLSearchParams('period=7d'), periodChanges({ from: 'a', to: 'b' }));
    expect(custom.toString()).toBe('from=a&to=b');
    expect(writeUsageView(custom, periodChanges('7d')).toString()).toBe('period=7d');
    expect(writeUsageView(custom, periodChanges('30d')).toString()).toBe('');
  });
});

describe('usagePath', () => {
  it('names the record in the address', () => {
    expect(usagePath({ userId })).toBe(`/usage?userId=${userId}`);
    expect(read(usagePath({ modelId: 'a/b c&d' }).slice('/usage?'.length)).filters).toEqual({
      modelId: 'a/b c&d',
    });
  });
});
