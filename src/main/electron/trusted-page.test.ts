import { describe, expect, it } from 'vitest';
import { isTrustedFrame, trustedPage } from './trusted-page';

const page = trustedPage('litemaas-app://console/');
const developmentPage = trustedPage('http://localhost:5173/');

describe('the trusted page', () => {
  it.each(['litemaas-app://console/', 'litemaas-app://console/#/users', 'litemaas-app://console/?a=1'])(
    'contains %s',
    (address) => {
      expect(page.contains(address)).toBe(true);
    },
  );

  it.each([
    '',
    'about:blank',
    'litemaas-app://other/',
    'litemaas-app://console.example.com/',
    'litemaas-app://console:1/',
    'litemaas-app://user@console/',
    'litemaas-app2://console/',
    'https://console/',
    'data:text/html,<p>',
    'blob:litemaas-app://console/1',
  ])('does not contain %j', (address) => {
    expect(page.contains(address)).toBe(false);
  });

  it('is the development server with its port in development', () => {
    expect(developmentPage.contains('http://localhost:5173/#/users')).toBe(true);
    expect(developmentPage.contains('http://localhost:5174/')).toBe(false);
    expect(developmentPage.contains('litemaas-app://console/')).toBe(false);
  });

  it('speaks only through its main frame', () => {
    const url = 'litemaas-app://console/';
    expect(isTrustedFrame({ url, parent: null }, page)).toBe(true);
    expect(isTrustedFrame({ url, parent: { url } }, page)).toBe(false);
    expect(isTrustedFrame({ url: 'https://example.com/', parent: null }, page)).toBe(false);
    expect(isTrustedFrame(null, page)).toBe(false);
  });

  it.each(['url', 'parent'] as const)(
    'is not spoken for by a frame whose %s throws: it was disposed',
    (what) => {
      const frame = { url: 'litemaas-app://console/', parent: null };
      Object.defineProperty(frame, what, {
        get() {
          throw new Error('Render frame was disposed before WebFrameMain could be accessed');
        },
      });
      expect(isTrustedFrame(frame, page)).toBe(false);
    },
  );
});
