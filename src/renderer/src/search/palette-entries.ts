import type { TFunction } from 'i18next';
import type { RelationRow } from '../../../shared/contract/browse';
import type { RecordHit } from '../../../shared/contract/search';
import { recordDefinitions, recordKinds } from '../../../shared/records/index';
import { relationPath } from '../records/rows-url';
import { editPath, recordPath } from '../records/record-link';
import { visibleName } from '../ui/visible-name';
import { type Command, openPalette } from './commands';

/** One line of the palette. */
export interface PaletteEntry {
  /** Unique among all lines. */
  readonly id: string;
  readonly label: string;
  readonly details: readonly string[];
  readonly target:
    | { readonly kind: 'command'; readonly command: Command }
    | { readonly kind: 'record'; readonly record: RecordHit; readonly path: string }
    | { readonly kind: 'relation'; readonly path: string };
}

export interface PaletteGroup {
  readonly id: string;
  readonly title: string;
  readonly entries: readonly PaletteEntry[];
}

interface Found {
  readonly text: string;
  /** What can be done now. */
  readonly commands: readonly Command[];
  readonly recent: readonly RecordHit[];
  readonly records: readonly RecordHit[];
  readonly relations: readonly RelationRow[];
  /** Whether the people found are to be edited: {@link soughtIn}. */
  readonly isEdit: boolean;
}

/** The palette's lines in groups: what was picked lately, screens, actions, records, relations. */
export function toGroups(t: TFunction, found: Found): readonly PaletteGroup[] {
  const { text, commands, recent, records, relations, isEdit } = found;
  const entries = commands
    .filter((command) => command !== openPalette)
    .map((command) => toCommandEntry(t, command));
  const ofGroup = (group: Command['group']): readonly PaletteEntry[] =>
    matching(
      entries.filter(({ target }) => target.kind === 'command' && target.command.group === group),
      text,
    );
  return [
    {
      id: 'recent',
      title: t('search.group.recent'),
      entries: text === '' ? recent.map((hit) => toRecordEntry(hit, 'recent')) : [],
    },
    { id: 'screens', title: t('search.group.screens'), entries: ofGroup('screens') },
    {
      id: 'actions',
      title: t('search.group.actions'),
      entries: [...(isEdit ? records.map((hit) => toEditEntry(t, hit)) : []), ...ofGroup('actions')],
    },
    ...recordKinds.map((kind) => ({
      id: kind,
      title: t(`search.group.${kind}`),
      entries: records.filter((hit) => hit.kind === kind).map((hit) => toRecordEntry(hit, kind)),
    })),
    {
      id: 'relations',
      title: t('search.group.relations'),
      entries: relations.map((row) => toRelationEntry(t, row)),
    },
  ].filter((group) => group.entries.length > 0);
}

function toCommandEntry(t: TFunction, command: Command): PaletteEntry {
  return {
    id: `command-${command.id}`,
    label: t(command.label),
    details: [],
    target: { kind: 'command', command },
  };
}

function toRecordEntry(record: RecordHit, group: string): PaletteEntry {
  const path = recordPath(recordDefinitions[record.kind].path, record.id);
  const { kind, id, details } = record;
  const label = visibleName(record.label);
  return { id: `${group}-${kind}-${id}`, label, details, target: { kind: 'record', record, path } };
}

/** The field at which the panel of a record begins. */
const firstFields: Record<RecordHit['kind'], string> = {
  user: 'username',
  team: 'name',
  apiKey: 'name',
  model: 'description',
  subscription: 'quotaRequests',
};

function toEditEntry(t: TFunction, record: RecordHit): PaletteEntry {
  const { id, kind, details } = record;
  const label = t('search.editNamed', { name: visibleName(record.label) });
  const path = editPath(recordDefinitions[kind].path, id, firstFields[kind]);
  return { id: `edit-${id}`, label, details, target: { kind: 'record', record, path } };
}

/** What is sought: after the word for editing, whom; else all of the text. */
export function soughtIn(
  text: string,
  editWord: string,
): { readonly sought: string; readonly isEdit: boolean } {
  const [first = '', ...rest] = text.split(/\s+/);
  const isEdit = rest.length > 0 && plain(first) === plain(editWord);
  return { sought: isEdit ? rest.join(' ') : text, isEdit };
}

function toRelationEntry(t: TFunction, { schema, name, kind }: RelationRow): PaletteEntry {
  const path = relationPath({ schema, relation: name });
  const details = [schema, t(`browse.kinds.${kind}`)];
  return { id: `relation-${path}`, label: name, details, target: { kind: 'relation', path } };
}

/**
 * The line that Enter picks: the chosen one, else the first. While hits are asked for, those of an earlier text are still
 * there, and only a person who chose one means it: without a choice it is the first line that is no hit.
 */
export function activeEntry(
  entries: readonly PaletteEntry[],
  chosenId: string | null,
  isAsking: boolean,
): PaletteEntry | null {
  const chosen = entries.find(({ id }) => id === chosenId);
  const isMeant = ({ target }: PaletteEntry): boolean => !isAsking || target.kind === 'command';
  return chosen ?? entries.find(isMeant) ?? null;
}

/** Lines whose words begin with each of the typed ones come first, then lines that contain them. */
export function matching(entries: readonly PaletteEntry[], text: string): readonly PaletteEntry[] {
  const typed = words(text);
  if (typed.length === 0) return entries;
  const begins = (label: string): boolean => {
    const own = words(label);
    return typed.every((word) => own.some((ownWord) => ownWord.startsWith(word)));
  };
  const contains = (label: string): boolean => typed.every((word) => plain(label).includes(word));
  const first = entries.filter(({ label }) => begins(label));
  return [...first, ...entries.filter((entry) => !first.includes(entry) && contains(entry.label))];
}

const words = (text: string): string[] => plain(text).split(/\s+/).filter(Boolean);

/** Without case and accents. */
const plain = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{Diacritic}/gu, '')
    .toLowerCase();
