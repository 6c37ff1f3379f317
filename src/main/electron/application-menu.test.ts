import { expect, it } from 'vitest';
import { menuTemplate } from './application-menu';

it('offers reload and developer tools in development only', () => {
  expect(JSON.stringify(menuTemplate('linux', true))).toMatch(/"reload".*"toggleDevTools"/);
  expect(JSON.stringify(menuTemplate('linux', false))).not.toMatch(/reload|devtools/i);
});

it('has the application menu on macOS only', () => {
  expect(menuTemplate('darwin', false)[0]).toEqual({ role: 'appMenu' });
  expect(menuTemplate('win32', false)[0]).toEqual({ role: 'fileMenu' });
});
