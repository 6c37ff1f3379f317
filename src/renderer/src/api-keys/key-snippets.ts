interface MadeKey {
  readonly value: string;
  /** Where LiteLLM answers. */
  readonly baseUrl: string;
  /** A model that the key may use. */
  readonly model: string;
}

/** A first request with a key in a POSIX shell. */
export function curlSnippet({ value, baseUrl, model }: MadeKey): string {
  const body = JSON.stringify({ model, messages: [{ role: 'user', content: 'Hello' }] });
  return [
    `curl ${quoted(`${withoutSlash(baseUrl)}/v1/chat/completions`)} \\`,
    `  -H ${quoted(`Authorization: Bearer ${value}`)} \\`,
    `  -H 'Content-Type: application/json' \\`,
    `  -d ${quoted(body)}`,
  ].join('\n');
}

/** The same with OpenAI's SDK for Python, whose strings take what JSON's may hold. */
export function pythonSnippet({ value, baseUrl, model }: MadeKey): string {
  const text = (string: string): string => JSON.stringify(string);
  return [
    'from openai import OpenAI',
    '',
    'client = OpenAI(',
    `    base_url=${text(`${withoutSlash(baseUrl)}/v1`)},`,
    `    api_key=${text(value)},`,
    ')',
    'answer = client.chat.completions.create(',
    `    model=${text(model)},`,
    '    messages=[{"role": "user", "content": "Hello"}],',
    ')',
    'print(answer.choices[0].message.content)',
  ].join('\n');
}

const withoutSlash = (url: string): string => (url.endsWith('/') ? url.slice(0, -1) : url);

/** As one word of a POSIX shell, whatever it holds. */
const quoted = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;
