import { describe, expect, it } from 'vitest';
import { browserOpener, openInSystemBrowser } from './open-system-browser';

describe('the system browser', () => {
  it('needs a display on Linux, X or Wayland', () => {
    expect(browserOpener('linux', {})).toBeNull();
    expect(browserOpener('linux', { DISPLAY: '' })).toBeNull();
    expect(browserOpener('linux', { DISPLAY: ':0' })).toEqual(['xdg-open']);
    expect(browserOpener('linux', { WAYLAND_DISPLAY: 'wayland-0' })).toEqual(['xdg-open']);
  });

  it('is always there on macOS and Windows, and no shell is involved', () => {
    expect(browserOpener('darwin', {})).toEqual(['open']);
    expect(browserOpener('win32', {})).toEqual(['rundll32', 'url.dll,FileProtocolHandler']);
  });

  it('is not opened without a display', async () => {
    await expect(openInSystemBrowser('/nonexistent.html', 'linux', {})).resolves.toBe(false);
  });
});
