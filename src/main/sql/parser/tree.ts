import type { Node } from 'libpg-query';

/** A node of a tree: the name of its kind and its fields, as the parser wraps it (`{ ColumnRef: { … } }`). */
export interface TreeNode {
  readonly kind: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** The kind and fields of a wrapped node; null for what is none. */
export function nodeOf(value: unknown): TreeNode | null {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return null;
  const [entry, ...others] = Object.entries(value as Readonly<Record<string, unknown>>);
  if (entry === undefined || others.length > 0 || !/^[A-Z]/.test(entry[0])) return null;
  const [kind, fields] = entry;
  return isFields(fields) ? { kind, fields } : null;
}

/** Calls `visit` for every node below a value, itself included; parents first, without recursion: trees are deep. */
export function visitNodes(value: unknown, visit: (node: TreeNode) => void): void {
  const waiting: unknown[] = [value];
  while (waiting.length > 0) {
    const current = waiting.pop();
    if (current === null || typeof current !== 'object') continue;
    const node = nodeOf(current);
    if (node !== null) visit(node);
    // Those that come first in the text are looked at first.
    for (const child of Object.values(current).reverse()) waiting.push(child);
  }
}

/** The nodes right below a value: those that no other node lies between. */
export function childNodes(value: unknown): readonly Node[] {
  const found: Node[] = [];
  const waiting: unknown[] = isFields(value) || Array.isArray(value) ? Object.values(value).reverse() : [];
  while (waiting.length > 0) {
    const current = waiting.pop();
    if (current === null || typeof current !== 'object') continue;
    if (nodeOf(current) === null) for (const child of Object.values(current).reverse()) waiting.push(child);
    else found.push(current as Node);
  }
  return found;
}

/** The texts of a list of String nodes: a qualified name. */
export function namesOf(list: readonly unknown[] | undefined): readonly string[] {
  return (list ?? []).flatMap((item) => {
    const node = nodeOf(item);
    return node?.kind === 'String' ? [textOf(node.fields['sval'])] : [];
  });
}

/** The value of a constant text; null for everything else, parameters among it. */
export function textConstant(node: unknown): string | null {
  const found = nodeOf(node);
  if (found?.kind === 'TypeCast') return textConstant(found.fields['arg']);
  if (found?.kind === 'CollateClause') return textConstant(found.fields['arg']);
  if (found?.kind !== 'A_Const' || !('sval' in found.fields)) return null;
  return textOf((found.fields['sval'] as { readonly sval?: string }).sval);
}

/** The parser leaves out what is empty. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
