import { describe, expect, it } from 'vitest';
import { dark, light } from './palette';

/** WCAG 2.2 relative luminance of `#rrggbb`. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((start) => {
    const channel = parseInt(colour.slice(start, start + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [lighter = 0, darker = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (lighter + 0.05) / (darker + 0.05);
}

const forText = 4.5;
const forShapes = 3;

describe.each([
  ['light', light],
  ['dark', dark],
])('the %s palette', (_name, palette) => {
  it('keeps text readable on the page and on surfaces', () => {
    for (const ground of [palette.page, palette.surface]) {
      for (const ink of [palette.ink, palette.inkSoft, palette.primary]) {
        expect(contrast(ink, ground), `${ink} on ${ground}`).toBeGreaterThanOrEqual(forText);
      }
    }
    for (const ground of [palette.primary, palette.primaryHover])
      expect(contrast(palette.onPrimary, ground), ground).toBeGreaterThanOrEqual(forText);
    expect(contrast(palette.primary, palette.primarySoft)).toBeGreaterThanOrEqual(forText);
  });

  it('keeps every state readable on its own ground, and as an icon on a surface', () => {
    for (const tone of ['success', 'warning', 'error', 'info', 'neutral'] as const) {
      const { ink, ground } = palette[tone];
      expect(contrast(ink, ground), tone).toBeGreaterThanOrEqual(forText);
      expect(contrast(ink, palette.surface), tone).toBeGreaterThanOrEqual(forText);
      expect(contrast(palette.ink, ground), tone).toBeGreaterThanOrEqual(forText);
    }
  });

  it('keeps the navigation readable', () => {
    for (const ground of [palette.rail, palette.railSelected]) {
      expect(contrast(palette.railInk, ground)).toBeGreaterThanOrEqual(forText);
      expect(contrast(palette.railInkSoft, ground)).toBeGreaterThanOrEqual(forText);
      expect(contrast(palette.railAccent, ground)).toBeGreaterThanOrEqual(forShapes);
    }
  });

  it('keeps outlines and chart lines visible', () => {
    for (const colour of [palette.outline, ...palette.chart]) {
      expect(contrast(colour, palette.surface), colour).toBeGreaterThanOrEqual(forShapes);
    }
    expect(new Set(palette.chart).size).toBe(palette.chart.length);
  });
});
