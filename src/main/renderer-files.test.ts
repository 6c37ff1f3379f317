import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRendererFile } from './renderer-files';

let folder: string;
beforeAll(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'litemaas-files-')), 'renderer');
  mkdirSync(join(folder, 'assets'), { recursive: true });
  writeFileSync(
    join(folder, 'index.html'),
    '<script nonce="__CSP_NONCE__"></script><meta nonce="__CSP_NONCE__">',
  );
  writeFileSync(join(folder, 'favicon.svg'), '<svg/>');
  writeFileSync(join(folder, 'assets', 'inter-latin-B1c_-D2e.woff2'), 'font');
  writeFileSync(join(folder, 'assets', 'module.js'), 'const keep = "__CSP_NONCE__";');
});
afterAll(() => rmSync(join(folder, '..'), { recursive: true, force: true }));

describe('the built renderer’s files', () => {
  it('puts the nonce everywhere in the page and nowhere else', async () => {
    const page = await readRendererFile(folder, '/', 'abc+/=');
    expect(page?.body.toString()).toBe('<script nonce="abc+/="></script><meta nonce="abc+/=">');
    expect(page).toMatchObject({ contentType: 'text/html; charset=utf-8', cacheControl: 'no-store' });
    const script = await readRendererFile(folder, '/assets/module.js', 'abc');
    expect(script?.body.toString()).toContain('__CSP_NONCE__');
  });

  it('lets a browser keep only what has a hash in its name', async () => {
    const font = await readRendererFile(folder, '/assets/inter-latin-B1c_-D2e.woff2', '');
    expect(font).toMatchObject({
      contentType: 'font/woff2',
      cacheControl: 'private, max-age=31536000, immutable',
    });
    expect((await readRendererFile(folder, '/assets/module.js', ''))?.cacheControl).toBe('no-cache');
    expect((await readRendererFile(folder, '/favicon.svg', ''))?.cacheControl).toBe('no-cache');
  });

  it('has nothing for folders, missing files and a missing build', async () => {
    expect(await readRendererFile(folder, '/assets', '')).toBeNull();
    expect(await readRendererFile(folder, '/missing.js', '')).toBeNull();
    expect(await readRendererFile(join(folder, 'missing'), '/', '')).toBeNull();
  });
});
