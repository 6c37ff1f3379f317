import { describe, expect, it } from 'vitest';
import { developmentUrl } from './development-url';

const url = 'http://localhost:5173/';

describe('the development server', () => {
  it('is asked by a program that is not packaged, and by no other', () => {
    expect(developmentUrl({ ELECTRON_RENDERER_URL: url }, false)).toBe(url);
    expect(developmentUrl({ ELECTRON_RENDERER_URL: url }, true)).toBeNull();
    expect(developmentUrl({}, false)).toBeNull();
  });

  it.each([
    'https://example.com:5173/',
    'http://localhost.example.com:5173/',
    'http://localhost:5173@example.com/',
    'http://10.0.0.1:5173/',
    'file:///tmp/page.html',
    '',
  ])('is on this computer, so not at %j', (address) => {
    expect(developmentUrl({ ELECTRON_RENDERER_URL: address }, false)).toBeNull();
  });
});
