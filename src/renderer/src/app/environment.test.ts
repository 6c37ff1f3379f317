import { describe, expect, it } from 'vitest';
import { environmentColour, environmentName, isProduction } from './environment';

describe('environments', () => {
  it('recognises production by its label, not by words that contain it', () => {
    for (const environmentLabel of ['Production', 'PROD', 'prod-eu', ' live ']) {
      expect(isProduction({ environmentLabel })).toBe(true);
    }
    for (const environmentLabel of ['', 'pre-production', 'Product demo', 'staging', 'delivery']) {
      expect(isProduction({ environmentLabel })).toBe(false);
    }
  });
  it('takes only plain hex colours from a profile', () => {
    expect(environmentColour('#b3261e')).toBe('#b3261e');
    expect(environmentColour('red; background: url(x)')).toBeNull();
    expect(environmentColour('')).toBeNull();
  });
  it('names its own environment in the language of the person', () => {
    expect(environmentName('local', 'Lokal')).toBe('Lokal');
    expect(environmentName('Staging', 'Lokal')).toBe('Staging');
  });
});
