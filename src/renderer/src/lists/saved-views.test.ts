import { describe, expect, it } from 'vitest';
import { opensAnew, renamed, toSavedViews, withoutView, withView, type SavedViews } from './saved-views';

const none: SavedViews = { views: [], defaultName: null };
const view = (name: string, params = 'active=true') => ({ name, params, layout: null });
const two = withView(withView(none, view('Zoë')), view('admins'));

describe('saved views', () => {
  it('stand in the order of their names, one of each', () => {
    expect(two.views.map(({ name }) => name)).toEqual(['admins', 'Zoë']);
    expect(withView(two, view(' admins ', 'role=admin')).views).toEqual([
      view('admins', 'role=admin'),
      view('Zoë'),
    ]);
  });

  it('never hold a key', () => {
    const { views } = withView(none, view('x', 'q=sk-0123456789abcdef&active=true'));
    expect(views[0]?.params).toBe('active=true');
    const stored = { views: [view('y', 'q=find+sk-abc&sort=name%3Aasc')], defaultName: 'y' };
    expect(toSavedViews(stored).views[0]?.params).toBe('sort=name%3Aasc');
  });

  it('can be renamed and deleted, and the default goes along', () => {
    const saved = { ...two, defaultName: 'admins' };
    expect(renamed(saved, 'admins', 'Chiefs')).toEqual({
      views: [view('Chiefs'), view('Zoë')],
      defaultName: 'Chiefs',
    });
    expect(renamed(saved, 'admins', '  ')).toBe(saved);
    expect(withoutView(saved, 'admins')).toEqual({ views: [view('Zoë')], defaultName: null });
    expect(withoutView(saved, 'Zoë').defaultName).toBe('admins');
  });

  it('keep words that only look like the beginning of a key', () => {
    const params = 'q=desk-lamp&model=mask-rcnn';
    expect(withView(none, view('x', params)).views[0]?.params).toBe(params);
  });

  it('begin with the default one where the list is opened anew only', () => {
    const visit = { navigation: 'PUSH', key: 'b', isBack: false };
    expect(opensAnew({ ...visit, navigation: 'POP', key: 'default' }, undefined)).toBe(true);
    expect(opensAnew(visit, undefined)).toBe(true);
    expect(opensAnew(visit, 'a')).toBe(true);
    expect(opensAnew({ ...visit, isBack: true }, undefined)).toBe(true);
    // Back in the browser, the link back, a grid drawn once more, filters that were cleared.
    expect(opensAnew({ ...visit, navigation: 'POP' }, 'a')).toBe(false);
    expect(opensAnew({ ...visit, isBack: true }, 'a')).toBe(false);
    expect(opensAnew(visit, 'b')).toBe(false);
    expect(opensAnew({ ...visit, navigation: 'REPLACE' }, 'a')).toBe(false);
  });

  it('are read with care', () => {
    expect(toSavedViews(null)).toEqual(none);
    expect(
      toSavedViews({ views: [{ name: '' }, 'x', { name: 'a', params: 'b=1' }], defaultName: 'gone' }),
    ).toEqual({
      views: [{ name: 'a', params: 'b=1', layout: null }],
      defaultName: null,
    });
  });
});
