import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fitBounds, readWindowState, type Rectangle, writeWindowState } from './window-state';

const screen: Rectangle = { x: 0, y: 25, width: 1440, height: 875 };
const second: Rectangle = { x: 1440, y: 0, width: 1920, height: 1080 };

describe('bounds', () => {
  it('stay where they were when their display is there', () => {
    const bounds = { x: 1500, y: 40, width: 1200, height: 800 };
    expect(fitBounds(bounds, [screen, second])).toEqual(bounds);
  });

  it('are forgotten when their display is gone', () => {
    expect(fitBounds({ x: 1500, y: 40, width: 1200, height: 800 }, [screen])).toBeNull();
    expect(fitBounds({ x: -5_000, y: 0, width: 800, height: 600 }, [screen, second])).toBeNull();
    expect(fitBounds(null, [screen])).toBeNull();
  });

  it('are always whole on one display, whatever was saved', () => {
    const number = fc.integer({ min: -10_000, max: 10_000 });
    const size = fc.integer({ min: 100, max: 10_000 });
    fc.assert(
      fc.property(fc.record({ x: number, y: number, width: size, height: size }), (bounds) => {
        const fitted = fitBounds(bounds, [screen, second]);
        if (fitted === null) return;
        const inside = (area: Rectangle): boolean =>
          fitted.x >= area.x &&
          fitted.y >= area.y &&
          fitted.x + fitted.width <= area.x + area.width &&
          fitted.y + fitted.height <= area.y + area.height;
        expect(inside(screen) || inside(second)).toBe(true);
      }),
    );
  });
});

describe('the file', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'litemaas-window-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('comes back as it was written, for its owner alone', () => {
    const path = join(folder, 'desktop', 'window.json');
    const state = { bounds: screen, maximized: true, backgroundColor: '#0a1929' };
    writeWindowState(path, state);
    expect(readWindowState(path)).toEqual(state);
    expect(readdirSync(join(folder, 'desktop'))).toEqual(['window.json']);
    if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it.each([
    ['missing', null],
    ['empty', ''],
    ['half written', '{"bounds":{"x":1'],
    ['a list', '[]'],
    ['null', 'null'],
    [
      'of other types',
      '{"bounds":{"x":"1","y":0,"width":800,"height":600},"maximized":1,"backgroundColor":"red"}',
    ],
    ['too small', '{"bounds":{"x":1,"y":0,"width":8,"height":600}}'],
    ['not whole', '{"bounds":{"x":0.5,"y":0,"width":800,"height":600}}'],
  ])('is as none when it is %s', (_what, content) => {
    const path = join(folder, 'window.json');
    if (content !== null) writeFileSync(path, content);
    expect(readWindowState(path)).toEqual({ bounds: null, maximized: false, backgroundColor: null });
  });

  it('that can’t be written bothers nobody', () => {
    const state = { bounds: null, maximized: false, backgroundColor: null };
    writeFileSync(join(folder, 'file'), '');
    expect(() => writeWindowState(join(folder, 'file', 'window.json'), state)).not.toThrow();
  });
});
