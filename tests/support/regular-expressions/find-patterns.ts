import { readFileSync } from 'node:fs';
import ts from 'typescript';

/** A regular expression of the source. */
export interface FoundPattern {
  /** File, with the line. */
  readonly place: string;
  /** As it is written there. */
  readonly written: string;
  /** Undefined where it is put together from what only the running program knows. */
  readonly pattern?: RegExp;
}

/**
 * Every regular expression of a file: literals, and those that `RegExp` makes from constants of the file.
 * @param path of the file, and what its places are called by.
 */
export function findPatterns(path: string, name: string, text = readFileSync(path, 'utf8')): FoundPattern[] {
  const kind = path.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, kind);
  const constants = constantsOf(file);
  const patterns: FoundPattern[] = [];
  const visit = (node: ts.Node): void => {
    const isMade =
      (ts.isNewExpression(node) || ts.isCallExpression(node)) && node.expression.getText(file) === 'RegExp';
    if (isMade || ts.isRegularExpressionLiteral(node)) {
      const place = `${name}:${String(file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1)}`;
      const pattern = valueOf(node, constants, file);
      const written = node.getText(file);
      patterns.push(
        pattern === undefined ? { place, written } : { place, written, pattern: looking(pattern, node) },
      );
    }
    if (!ts.isRegularExpressionLiteral(node)) ts.forEachChild(node, visit);
  };
  visit(file);
  return patterns;
}

/** `split` looks for every place, whatever the expression's flags say. */
function looking(pattern: RegExp, node: ts.Node): RegExp {
  const call = node.parent;
  const isSplit =
    ts.isCallExpression(call) &&
    ts.isPropertyAccessExpression(call.expression) &&
    call.expression.name.text === 'split';
  return isSplit && !pattern.global ? new RegExp(pattern.source, `${pattern.flags}g`) : pattern;
}

type Constants = ReadonlyMap<string, ts.VariableDeclaration>;

function constantsOf(file: ts.SourceFile): Constants {
  return new Map(
    file.statements
      .filter((statement) => ts.isVariableStatement(statement))
      .filter(({ declarationList }) => (declarationList.flags & ts.NodeFlags.Const) !== 0)
      .flatMap(({ declarationList }) => declarationList.declarations)
      .flatMap((declaration) =>
        ts.isIdentifier(declaration.name) ? [[declaration.name.text, declaration] as const] : [],
      ),
  );
}

/** The names that exist without the file. */
const known = new Set(['RegExp', 'String', 'Object']);

/** What an expression of a file comes to, where it needs nothing but the file's constants. */
function valueOf(node: ts.Node, constants: Constants, file: ts.SourceFile): RegExp | undefined {
  const needed: string[] = [];
  const isConstant = (part: ts.Node): boolean => {
    if (ts.isIdentifier(part) && isReference(part) && !known.has(part.text)) {
      const declaration = constants.get(part.text);
      if (declaration?.initializer === undefined || !isConstant(declaration.initializer)) return false;
      const text = `const ${part.text} = ${declaration.initializer.getText(file)};`;
      if (!needed.includes(text)) needed.push(text);
      return true;
    }
    return ts.forEachChild(part, (child) => !isConstant(child)) !== true;
  };
  if (!isConstant(node)) return undefined;
  const { outputText } = ts.transpileModule(`${needed.join('\n')}\n(${node.getText(file)})`, {
    compilerOptions: { target: ts.ScriptTarget.ES2022 },
  });
  // Our own source: constants only.
  const value: unknown = (0, eval)(`{ ${outputText} }`);
  if (!(value instanceof RegExp)) throw new Error(`No regular expression: ${node.getText(file)}`);
  return value;
}

/** Whether a name stands for a value, not for a property or a key. */
function isReference(name: ts.Identifier): boolean {
  const { parent } = name;
  return !(
    (ts.isPropertyAccessExpression(parent) && parent.name === name) ||
    (ts.isPropertyAssignment(parent) && parent.name === name) ||
    ts.isTypeReferenceNode(parent)
  );
}
