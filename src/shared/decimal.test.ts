import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDecimals, compareDecimals, multiplyDecimals, plainDecimal, shiftDecimal } from './decimal';

const decimalText = fc
  .tuple(fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }), fc.integer({ min: 0, max: 12 }))
  .map(([units, scale]) => shiftDecimal(units.toString(), -scale));

describe('exact decimals', () => {
  it('writes exponents as plain digits', () => {
    expect(plainDecimal('1e-7')).toBe('0.0000001');
    expect(plainDecimal('2.50E+3')).toBe('2500');
    expect(plainDecimal('-0.00')).toBe('0');
  });

  it('does not make the errors of binary floats', () => {
    expect(addDecimals('0.1', '0.2')).toBe('0.3');
    expect(multiplyDecimals('0.0000001', '1000')).toBe('0.0001');
    expect(shiftDecimal('0.00000015', 3)).toBe('0.00015');
  });

  it('adds commutatively and takes back what it added', () => {
    fc.assert(
      fc.property(decimalText, decimalText, (a, b) => {
        expect(addDecimals(a, b)).toBe(addDecimals(b, a));
        expect(addDecimals(addDecimals(a, b), multiplyDecimals(b, '-1'))).toBe(plainDecimal(a));
      }),
    );
  });

  it('orders as the numbers do', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e6, max: 1e6 }), fc.integer({ min: -1e6, max: 1e6 }), (a, b) => {
        expect(Math.sign(compareDecimals(String(a), String(b)))).toBe(Math.sign(a - b));
      }),
    );
    expect(compareDecimals('1.10', '1.1')).toBe(0);
  });

  it.each(['', '.', '-', 'NaN', '1,5', '0x10', '1e', 'Infinity'])('refuses %j', (text) => {
    expect(() => plainDecimal(text)).toThrow(RangeError);
  });
});
