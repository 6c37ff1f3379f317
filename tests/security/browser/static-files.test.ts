import { symlinkSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { assetPath, startTestServer } from './test-server';

describe('static files', () => {
  it('serves the page with a nonce of its own per answer, the one its policy names', async () => {
    const console = await startTestServer();
    const nonces = [];
    for (const path of ['/', '/index.html', '/?anything=1']) {
      const page = await console.send({ path });
      expect(page.status).toBe(200);
      const nonce = /nonce="([^"]+)"/.exec(page.body.toString())?.[1] ?? '';
      expect(page.headers['content-security-policy']).toContain(`script-src 'self' 'nonce-${nonce}'`);
      expect(page.body.toString()).not.toContain('__CSP_NONCE__');
      nonces.push(nonce);
    }
    expect(new Set(nonces).size).toBe(3);
  });

  it('serves a hashed asset as immutable with its type, and HEAD without a body', async () => {
    const console = await startTestServer();
    const asset = await console.send({ path: assetPath });
    expect(asset.headers['cache-control']).toBe('private, max-age=31536000, immutable');
    expect(asset.headers['content-type']).toBe('text/javascript; charset=utf-8');
    const head = await console.send({ method: 'HEAD', path: assetPath });
    expect([head.status, head.body.length]).toEqual([200, 0]);
    expect(head.headers['content-length']).toBe(String(asset.body.length));
  });

  it.each([
    '/../secret.txt',
    '/assets/../../secret.txt',
    '/assets/../index.html',
    '/./index.html',
    '//index.html',
    '/./../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/%2e%2e%2fsecret.txt',
    '/%252e%252e%252fsecret.txt',
    '/..%5csecret.txt',
    '/..\\secret.txt',
    '/assets/..\\..\\secret.txt',
    '/%c0%ae%c0%ae/secret.txt',
    '/%uff0e%uff0e/secret.txt',
    '/..;/secret.txt',
    '/....//secret.txt',
    '//secret.txt',
    '//etc/passwd',
    '/etc/passwd',
    '/index.html%00.png',
    '/index.html%2f',
    '/index.html/',
    '/assets',
    '/assets/',
    '/%69ndex.html',
    '/index.html::$DATA',
    '/C:/Windows/win.ini',
    '/%',
    '/%zz',
    '/.git/config',
    '/file:///etc/passwd',
  ])('answers 404 to %s', async (path) => {
    const console = await startTestServer();
    const text = await rawAnswer(console.server.port, path);
    expect(text).toMatch(/^HTTP\/1\.1 404 /);
    expect(text).not.toContain('must stay secret');
    expect(text).not.toContain('root:');
  });

  it('serves no hidden file, even inside the folder', async () => {
    const console = await startTestServer();
    writeFileSync(join(console.rendererFolder, '.env'), 'must stay secret');
    writeFileSync(join(console.rendererFolder, 'assets', '.built'), 'must stay secret');
    for (const path of ['/.env', '/assets/.built', '/%2eenv']) {
      expect((await console.send({ path })).status, path).toBe(404);
    }
  });

  it('follows no symbolic link out of the folder', async () => {
    const console = await startTestServer();
    symlinkSync(join(console.rendererFolder, '..', 'secret.txt'), join(console.rendererFolder, 'link.txt'));
    symlinkSync(join(console.rendererFolder, '..'), join(console.rendererFolder, 'up'));
    writeFileSync(join(console.rendererFolder, 'own.txt'), 'own');
    expect((await console.send({ path: '/own.txt' })).status).toBe(200);
    expect((await console.send({ path: '/link.txt' })).status).toBe(404);
    expect((await console.send({ path: '/up/secret.txt' })).status).toBe(404);
  });

  it('does not mistake a folder whose name only begins alike for its own', async () => {
    const console = await startTestServer();
    writeFileSync(`${console.rendererFolder}-other.txt`, 'must stay secret');
    symlinkSync(`${console.rendererFolder}-other.txt`, join(console.rendererFolder, 'alike.txt'));
    expect((await console.send({ path: '/alike.txt' })).status).toBe(404);
  });

  it('says what to do when the screens are not built', async () => {
    const console = await startTestServer({ rendererFolder: '/nonexistent' });
    const answer = await console.send({ path: '/' });
    expect(answer.status).toBe(404);
    expect(answer.json).toMatchObject({
      code: 'not_found',
      hint: expect.stringContaining('npm run build') as string,
    });
  });
});

/** Clients clean paths up before they send them; a socket does not. */
function rawAnswer(port: number, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${String(port)}\r\nConnection: close\r\n\r\n`);
    });
    let text = '';
    socket.on('data', (data) => (text += data.toString()));
    socket.once('end', () => resolve(text));
    socket.once('error', reject);
  });
}
