import { describe, expect, it } from 'vitest';
import { renamed, toSavedViews, withoutView, withView, type SavedViews } from './saved-views';

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
