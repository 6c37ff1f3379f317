import { describe, expect, it } from 'vitest';
import { quotaShare } from './quota-share';

describe('quotaShare', () => {
  it('keeps unlimited and none apart', () => {
    expect(quotaShare('5', null)).toEqual({ kind: 'unlimited' });
    expect(quotaShare('0', '0')).toEqual({ kind: 'none', isOver: false });
    expect(quotaShare('1', '0')).toEqual({ kind: 'none', isOver: true });
  });
  it('is never below nothing', () => {
    expect(quotaShare('-5', '100')).toEqual({ kind: 'limited', share: 0, isOver: false });
  });
  it('knows no share of what is not a number', () => {
    expect(quotaShare('NaN', '100')).toEqual({ kind: 'unknown' });
    expect(quotaShare('1', 'NaN')).toEqual({ kind: 'unknown' });
  });
  it('shows more than the whole', () => {
    expect(quotaShare('150', '100')).toEqual({ kind: 'limited', share: 1.5, isOver: true });
    expect(quotaShare('100', '100')).toEqual({ kind: 'limited', share: 1, isOver: false });
  });
});
