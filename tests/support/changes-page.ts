import { changesOfAreas, ownUndos } from '../../src/main/changes-of-areas';
import type { Change } from '../../src/main/changes/change';
import { deletedField } from '../../src/main/changes/outbox';
import { type OwnAction, ownActions } from '../../src/main/changes/record-change';
import { type Image, nothing, type RecordTable, type Way } from '../../src/main/changes/record-table';
import { undoAction } from '../../src/main/changes/undo';
import { say } from '../../src/main/kernel/say';
import type { ChangeValue } from '../../src/shared/contract/changes';

const ways: readonly Way[] = ['create', 'update', 'delete'];

/** docs/changes.md: every change there is, from the definitions that the console runs by. */
export function changesPage(): string {
  return `# Changes

Every change that the console makes to a database: the tables it writes, what LiteLLM has to hear of it, its name in the audit log, and how it is taken back. Each also writes a row of the journal (\`litemaas_console.changes\`) and a line of \`audit_logs\` in its own transaction.

_This page is made from the definitions (\`tests/support/changes-page.ts\`); a test compares it with them._

## Records

What LiteLLM has to hear waits in \`litemaas_console.outbox\`, by field and without values; what waits about keys is sent before the change is answered, all else is not sent yet, and says so in red. In **bold**: what takes access away.

${tableOf(
  ['Change', 'Tables', 'Fields', 'LiteLLM hears of', 'Undo'],
  changesOfAreas.flatMap((change) => waysOf(change).map((way) => rowOfChange(change, way))),
)}

Records of other kinds that change along with these, in the same transaction and under the same batch:

${tableOf(
  ['Change', 'Table', 'Fields', 'LiteLLM hears of'],
  [...new Set(changesOfAreas.flatMap(({ partKinds }) => partKinds))].map((kind) => [
    codes(new Set(Object.values(kind.actions))),
    code(kind.record.relation),
    codes(fieldsOf(kind.record)),
    heard({ ...kind, fields: fieldsOf(kind.record) }, 'update') || 'nothing',
  ]),
)}

A deletion takes along what the foreign keys of the database say, its own and a site's; each such row is kept in \`deleted_rows\` without secrets and comes back with an undo. Usage is moved to the log of unattributed usage first, and stays counted.

## The database, its settings and the proxy

${tableOf(
  ['Change', 'Tables', 'Undo'],
  Object.entries<OwnAction>(ownActions).map(([action, { tables, noUndo }]) => [
    code(action),
    tables.length === 0 ? 'none: structure only' : codes(tables),
    noUndo === null ? code(undoOfOwn(action)) : say(noUndo),
  ]),
)}
`;
}

/** A variant of another change, listed before it, has only some ways of its own; some ways are their own machinery's. */
function waysOf(change: Change): Way[] {
  const before = changesOfAreas.slice(0, changesOfAreas.indexOf(change));
  const known = new Set([
    ...before.flatMap(({ actions }) => Object.values(actions)),
    ...Object.keys(ownActions),
  ]);
  return ways.filter((way) => (way !== 'delete' || change.deletion) && !known.has(change.actions[way]));
}

function rowOfChange(change: Change, way: Way): string[] {
  const { record, actions, partKinds } = change;
  const action = actions[way];
  return [
    code(action),
    [
      codes([
        record.relation,
        ...[...record.lists.values()].map(({ relation }) => relation),
        ...partKinds.map((kind) => kind.record.relation),
      ]),
      ...(way === 'delete' ? ['`deleted_rows`, and what the foreign keys take along'] : []),
    ].join(', '),
    way === 'delete'
      ? 'all'
      : codes(way === 'create' ? fieldsOf(record) : (change.fields ?? record.editable)),
    heard(change, way),
    code(undoAction(action)),
  ];
}

function undoOfOwn(action: string): string {
  // What its own machinery made, the change of its records may take back.
  if (changesOfAreas.some(({ actions }) => Object.values(actions).includes(action)))
    return undoAction(action);
  const pair = ownUndos.find(({ actions }) => actions.some((each) => each === action));
  const undo = pair?.actions.find((each) => each !== action);
  if (undo === undefined) throw new Error(`${action} says that it can be undone, and nothing undoes it`);
  return undo;
}

/** Asks the definition what there is to hear when one field changes, either way. */
function heard({ record, news, fields }: Pick<Change, 'record' | 'news' | 'fields'>, way: Way): string {
  const full = imageOf(record, 0);
  if (way !== 'update') {
    const heardOf = (way === 'create' ? news(nothing, full) : news(full, nothing))?.fields ?? [];
    return heardOf.includes(deletedField) ? '**its deletion**' : codes(heardOf);
  }
  return (fields ?? record.editable)
    .flatMap((field) => {
      const values = samples(typeOf(record, field));
      const found = values.flatMap((a) =>
        values.flatMap((b) => news({ ...full, [field]: a }, { ...full, [field]: b }) ?? []),
      );
      if (!found.some(({ fields }) => fields.includes(field))) return [];
      return found.some(({ taken }) => taken.includes(field)) ? [`**${code(field)}**`] : [code(field)];
    })
    .join(', ');
}

const fieldsOf = ({ columns, lists }: RecordTable): string[] => [...columns.keys(), ...lists.keys()];

function imageOf(record: RecordTable, sample: number): Image {
  return Object.fromEntries(
    fieldsOf(record).map((name) => [name, samples(typeOf(record, name))[sample] ?? null]),
  );
}

const typeOf = ({ columns, lists }: RecordTable, name: string): string =>
  lists.has(name) ? 'jsonb' : (columns.get(name)?.type ?? '');

function samples(type: string): readonly ChangeValue[] {
  if (type === 'boolean') return [true, false];
  if (type === 'jsonb') return [['gpt'], ['gpt', 'llama']];
  if (type === 'text[]') return [['user'], ['user', 'admin']];
  if (type === 'public.subscription_status') return ['active', 'suspended'];
  if (type.startsWith('timestamp')) return ['infinity', '2026-01-01 00:00:00+00', null];
  return ['1', '2', null];
}

const code = (text: string): string => `\`${text}\``;
const codes = (texts: Iterable<string>): string => [...texts].map(code).join(', ');

function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
