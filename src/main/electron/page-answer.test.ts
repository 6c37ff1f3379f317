import { describe, expect, it } from 'vitest';
import { answerPageRequest, type PageFile } from './page-answer';

const page: PageFile = { body: Buffer.from('<html>'), contentType: 'text/html', cacheControl: 'no-store' };
const asked: string[] = [];
const read = (urlPath: string): Promise<PageFile | null> => {
  asked.push(urlPath);
  return Promise.resolve(page);
};
const answer = (url: string, method = 'GET'): Promise<Response> => answerPageRequest({ url, method }, read);

describe('the page’s files', () => {
  it('are read by the path as it arrived, without query and fragment', async () => {
    asked.length = 0;
    await answer('litemaas-app://console/a%2fb.js?version=1#top');
    await answer('litemaas-app://console');
    expect(asked).toEqual(['/a%2fb.js', '/']);
  });

  it('come with policy, type and cache headers', async () => {
    const { status, headers } = await answer('litemaas-app://console/');
    expect(status).toBe(200);
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': 'text/html',
      'cache-control': 'no-store',
      'content-security-policy': expect.stringContaining("default-src 'none'") as string,
      'permissions-policy': expect.stringContaining('camera=()') as string,
      'x-content-type-options': 'nosniff',
    });
  });

  it.each([
    'litemaas-app://other/',
    'litemaas-app://console:80/',
    'litemaas-app://console.example.com/',
    'https://console/',
    'not a url',
  ])('are not at %s', async (url) => {
    asked.length = 0;
    expect((await answer(url)).status).toBe(404);
    expect(asked).toEqual([]);
  });

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])('are not for %s', async (method) => {
    expect((await answer('litemaas-app://console/', method)).status).toBe(405);
  });

  it('have no body when only the head is asked for', async () => {
    expect(await (await answer('litemaas-app://console/', 'HEAD')).text()).toBe('');
  });
});
