/** What a row's spend (USD) is in units of 10⁻¹² dollars, rounded to the 12 decimals that the schema's columns keep. */
export function costUnits(spend: number): bigint {
  const [mantissa = '0', exponent = '0'] = spend.toExponential(20).split('e');
  const digits = BigInt(mantissa.replace('.', ''));
  const places = 20 - Number(exponent) - 12;
  if (places <= 0) return digits * 10n ** BigInt(-places);
  const divisor = 10n ** BigInt(places);
  return (digits + divisor / 2n) / divisor;
}
