import { describe, expect, it, vi } from 'vitest';
import { workspaceColours } from '../../../shared/contract/workspace';
import { environmentColour, environmentName, isProduction } from './environment';
import { theme } from './theme';

// The theme's texts come in the language of the page, and there is none here.
vi.mock('./i18n', () => ({ i18n: { t: (key: string) => key } }));

// The type says that a theme may have no variables; ours has.
const palette = (theme.vars ?? theme).palette.console;

describe('environments', () => {
  it('recognises production by its label, not by words that contain it', () => {
    for (const environmentLabel of ['Production', 'PROD', 'prod-eu', ' live ']) {
      expect(isProduction({ environmentLabel })).toBe(true);
    }
    for (const environmentLabel of ['', 'pre-production', 'Product demo', 'staging', 'delivery']) {
      expect(isProduction({ environmentLabel })).toBe(false);
    }
  });
  it('wear a different colour of the theme for each name, and none that a profile made up', () => {
    const inks = workspaceColours
      .filter((colour) => colour !== '')
      .map((colour) => environmentColour({ colour, environmentLabel: '' }, palette));
    expect(new Set(inks).size).toBe(workspaceColours.length - 1);
    expect(inks).not.toContain(null);
    expect(
      environmentColour({ colour: 'red; background: url(x)', environmentLabel: '' }, palette),
    ).toBeNull();
    expect(environmentColour({ colour: 'toString', environmentLabel: '' }, palette)).toBeNull();
  });
  it('are red in production unless they chose another colour', () => {
    const red = environmentColour({ colour: 'red', environmentLabel: '' }, palette);
    const blue = environmentColour({ colour: 'blue', environmentLabel: '' }, palette);
    expect(environmentColour({ colour: '', environmentLabel: 'production' }, palette)).toBe(red);
    expect(environmentColour({ colour: 'blue', environmentLabel: 'production' }, palette)).toBe(blue);
    expect(environmentColour({ colour: '', environmentLabel: 'staging' }, palette)).toBeNull();
  });
  it('names its own environment in the language of the person', () => {
    expect(environmentName('local', 'Lokal')).toBe('Lokal');
    expect(environmentName('Staging', 'Lokal')).toBe('Staging');
  });
});
