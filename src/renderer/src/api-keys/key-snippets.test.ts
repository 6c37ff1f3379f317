import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { curlSnippet, pythonSnippet } from './key-snippets';

const made = { value: 'sk-abc', baseUrl: 'http://127.0.0.1:4000/', model: `it's "$(date)" \`x\` \\` };

it('is one command of a shell, whatever a model is called', () => {
  const command = curlSnippet(made).replace('curl', String.raw`printf '%s\n'`);
  const [url, , authorization, , , , body] = execFileSync('sh', ['-c', command], { encoding: 'utf8' }).split(
    '\n',
  );
  expect(url).toBe('http://127.0.0.1:4000/v1/chat/completions');
  expect(authorization).toBe('Authorization: Bearer sk-abc');
  expect(JSON.parse(body ?? '')).toMatchObject({ model: made.model });
});

it('holds texts of Python that are texts of JSON, whatever a model is called', () => {
  const texts = pythonSnippet(made).match(/(?:base_url|api_key|model)=("(?:[^"\\]|\\.)*")/g) ?? [];
  expect(texts.map((text) => JSON.parse(text.slice(text.indexOf('=') + 1)) as unknown)).toEqual([
    'http://127.0.0.1:4000/v1',
    'sk-abc',
    made.model,
  ]);
});
