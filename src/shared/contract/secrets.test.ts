import * as z from 'zod';
import { describe, expect, it } from 'vitest';
import type { Procedure } from './define';
import { contract } from './index';

/** Names under which a secret would come back. */
const secretName =
  /password|passphrase|secret|apikey|accesskey|masterkey|privatekey|credential|token$|keyvalue/i;

/** What has such a name nevertheless, and why. */
const harmless: Readonly<Record<string, string>> = {
  'apiKeys.reveal secret': 'one of the named commands (design: "Workspaces")',
  'database.revealConnection secret': 'one of the named commands (design: "Workspaces")',
  'workspace.get secretStore': 'the name of the store',
  'models.get priceNow.inputPricePerToken': 'a price',
  'models.get priceNow.outputPricePerToken': 'a price',
  'models.get prices.inputPricePerToken': 'a price',
  'models.get prices.outputPricePerToken': 'a price',
};

interface Node {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Node>>;
  readonly items?: Node;
  readonly anyOf?: readonly Node[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
}

/** Every property of an answer that is free text, by its path. */
function textFields(node: Node, path = ''): string[] {
  const isFreeText =
    [node.type].flat().includes('string') && node.enum === undefined && node.const === undefined;
  return [
    ...(isFreeText ? [path] : []),
    ...Object.entries(node.properties ?? {}).flatMap(([name, inner]) =>
      textFields(inner, path === '' ? name : `${path}.${name}`),
    ),
    ...(node.items ? textFields(node.items, path) : []),
    ...(node.anyOf ?? []).flatMap((inner) => textFields(inner, path)),
  ];
}

describe('no answer has a field for a secret', () => {
  const procedures = Object.entries(contract).flatMap(([area, ofArea]) =>
    Object.entries(ofArea as Record<string, Procedure>).map(
      ([name, procedure]) => [`${area}.${name}`, procedure] as const,
    ),
  );

  it.each(procedures)('%s', (name, procedure) => {
    const schema = z.toJSONSchema(procedure.output, { unrepresentable: 'any', io: 'output' }) as Node;
    const named = textFields(schema).filter((path) => {
      const last = path.split('.').at(-1) ?? '';
      return secretName.test(last) && harmless[`${name} ${path}`] === undefined;
    });
    expect(named).toEqual([]);
  });

  it('finds one where there is one', () => {
    const schema = z.toJSONSchema(
      z.object({ rows: z.array(z.object({ dbPassword: z.string().nullable() })) }),
    );
    expect(textFields(schema as Node).filter((path) => secretName.test(path))).toEqual(['rows.dbPassword']);
  });
});
