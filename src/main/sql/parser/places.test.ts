import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placesIn } from './places';

const text = fc.string({ unit: fc.constantFrom('a', 'é', '€', '😀', '\uFEFF', '\u00A0', '\r\n', 'e\u0301') });

describe('placesIn', () => {
  it('finds where each character begins, however it is counted', () => {
    fc.assert(
      fc.property(text, (any) => {
        const places = placesIn(any);
        let unit = 0;
        for (const [index, character] of Array.from(any).entries()) {
          const begin = Buffer.byteLength(any.slice(0, unit));
          expect(places.ofCodePoint(index)).toBe(unit);
          for (let byte = begin; byte < begin + Buffer.byteLength(character); byte += 1) {
            expect(places.ofByte(byte)).toBe(unit);
          }
          unit += character.length;
        }
        expect(places.ofByte(Buffer.byteLength(any))).toBe(any.length);
        expect(places.ofCodePoint(Array.from(any).length)).toBe(any.length);
      }),
    );
  });

  it('counts a lone surrogate as what is sent for it', () => {
    const places = placesIn('\uD800x');
    expect([places.ofByte(3), places.ofCodePoint(1)]).toEqual([1, 1]);
    expect(Buffer.byteLength('\uD800x')).toBe(4);
  });

  it('answers the end for what lies beyond, and the beginning for what lies before', () => {
    const places = placesIn('é');
    expect([places.ofByte(99), places.ofCodePoint(99), places.ofCodePoint(-1), places.ofByte(-1)]).toEqual([
      1, 1, 0, 0,
    ]);
    expect(placesIn('').ofByte(0)).toBe(0);
  });
});
