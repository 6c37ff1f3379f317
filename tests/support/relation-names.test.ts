import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { tables } from '../../src/main/postgres/relations';

const names = Object.keys(tables).join('|');
/** Where SQL names a relation: before it one of these words, and no schema and no function's parenthesis. */
const bare = new RegExp(
  String.raw`\b(?:FROM|JOIN|INTO|UPDATE|TABLE|ONLY|ANALYZE|TRUNCATE)\s+(?:ONLY\s+)?"?(?:${names})"?(?![\w.(])`,
  'gi',
);
const named = new RegExp(String.raw`\b(?:public|litemaas_console)\s*\.\s*"?(?:${names})\b`, 'g');

/** The texts of a file, each with its line; what a template computes stands as a sign that no name contains. */
function textsOf(path: string): readonly { readonly line: number; readonly text: string }[] {
  const file = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest);
  const texts: { line: number; text: string }[] = [];
  const add = (node: ts.Node, text: string): void => {
    texts.push({ line: file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1, text });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isTemplateExpression(node)) {
      add(node, [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join('\u0001'));
    } else if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) {
      add(node, node.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return texts;
}

function found(pattern: RegExp, texts: readonly { readonly text: string }[]): readonly string[] {
  return texts.flatMap(({ text }) => text.match(pattern) ?? []);
}

const main = join(import.meta.dirname, '../../src/main');
const files = readdirSync(main, { recursive: true, encoding: 'utf8' }).filter(
  (path) => path.endsWith('.ts') && !path.endsWith('.test.ts'),
);

describe('the SQL of main', () => {
  it('names no relation without its schema', () => {
    const places = files.flatMap((path) =>
      textsOf(join(main, path)).flatMap((text) =>
        found(bare, [text]).map((place) => `${path}:${String(text.line)} ${place}`),
      ),
    );
    expect(places).toEqual([]);
  });

  it('names our relations in relations.ts alone', () => {
    const places = files
      // The catalogue is written down, not asked.
      .filter((path) => !['postgres/relations.ts', 'health/catalogue/expected-catalogue.ts'].includes(path))
      .flatMap((path) =>
        textsOf(join(main, path)).flatMap((text) =>
          found(named, [text]).map((place) => `${path}:${String(text.line)} ${place}`),
        ),
      );
    expect(places).toEqual([]);
  });

  it('would be caught', () => {
    const texts = [
      'SELECT 1 FROM users u',
      'join\n  api_keys',
      'UPDATE ONLY "teams"',
      'INSERT INTO audit_logs (',
    ];
    expect(
      found(
        bare,
        texts.map((text) => ({ text })),
      ),
    ).toHaveLength(4);
    const fine = [
      'FROM public.users',
      'FROM \u0001 AS users',
      'FROM users(1)',
      'FROM users_of_team',
      'FROM users.x',
    ];
    expect(
      found(
        bare,
        fine.map((text) => ({ text })),
      ),
    ).toEqual([]);
    expect(found(named, [{ text: 'FROM public.users, litemaas_console.usage_daily d' }])).toHaveLength(2);
  });
});
