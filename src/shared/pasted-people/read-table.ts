import { budget, limit } from '../contract/values';
import { plainName } from '../plain-name';
import type { Draft, TextLine } from './draft';
import type { PastedValues } from './parse-pasted-people';
import { readLine } from './read-line';

/** What a column of a table says of a person. */
type Meaning =
  | 'email'
  | 'username'
  | 'fullName'
  | 'givenName'
  | 'familyName'
  | 'oauthId'
  | 'teams'
  | 'roles'
  | 'maxBudget'
  | 'tpmLimit'
  | 'rpmLimit';

/** Headings without case, spaces, hyphens and underscores. */
const meanings: Readonly<Record<Meaning, readonly string[]>> = {
  email: [
    'email',
    'mail',
    'emailaddress',
    'mailaddress',
    'primaryemail',
    'useremail',
    'emailadresse',
    'courriel',
    'correo',
    'correoelectronico',
  ],
  username: ['username', 'user', 'login', 'loginname', 'account', 'useralias'],
  fullName: ['fullname', 'name', 'displayname'],
  givenName: ['firstname', 'givenname', 'forename'],
  familyName: ['lastname', 'familyname', 'surname'],
  oauthId: ['oauthid', 'uid', 'subject', 'sub'],
  teams: ['team', 'teams', 'teamname'],
  // Not `role`: in lists of staff that is what somebody works as.
  roles: ['roles'],
  maxBudget: ['maxbudget', 'budget'],
  tpmLimit: ['tpmlimit', 'tpm', 'tokensperminute'],
  rpmLimit: ['rpmlimit', 'rpm', 'requestsperminute'],
};

export interface Heading {
  readonly divider: string;
  readonly columns: readonly (Meaning | null)[];
  readonly unused: readonly string[];
  /** The lines below it. */
  readonly rows: readonly TextLine[];
}

/** The heading of a table of people, which has a column of addresses; null where the text is none. */
export function findHeading(lines: readonly TextLine[]): Heading | null {
  // Excel's own first line.
  const skipped = /^"?sep=.?"?$/i.test(lines[0]?.text.trim() ?? '') ? 1 : 0;
  const first = lines[skipped];
  if (first === undefined || first.text.includes('@')) return null;
  const rows = lines.slice(skipped + 1);
  const found = ['\t', ';', ','].flatMap((divider): Heading[] => {
    const { cells } = cellsOf(first.text, divider);
    const columns = cells.map(meaningOf);
    if (!columns.includes('email')) return [];
    const unused = cells.filter((cell, index) => cell !== '' && columns[index] === null);
    return [{ divider, columns, unused: [...new Set(unused)].slice(0, 20), rows }];
  });
  const [best] = found.sort((a, b) => b.columns.length - a.columns.length);
  return best ?? null;
}

function meaningOf(heading: string): Meaning | null {
  const plain = heading
    .toLowerCase()
    .normalize('NFD')
    .replaceAll(/[\s\p{M}_-]/gu, '');
  return (Object.keys(meanings) as Meaning[]).find((name) => meanings[name].includes(plain)) ?? null;
}

/** A cell in quotes may go over this many lines. */
const mostCellLines = 10;

/** The people in the rows below a heading. An empty cell says nothing. */
export function readTable({ rows, divider, columns }: Heading): Draft[][] {
  const drafts: Draft[][] = [];
  for (let index = 0; index < rows.length; index += 1) {
    const { row, taken } = wholeRow(rows, index, divider);
    const first = rows[index];
    if (first === undefined) break;
    drafts.push(
      row === null
        ? [{ line: first.number, text: first.text, email: null, reason: 'openQuote' }]
        : draftsOf(row, columns, first),
    );
    index += taken - 1;
  }
  return drafts;
}

function wholeRow(
  rows: readonly TextLine[],
  from: number,
  divider: string,
): { readonly row: readonly string[] | null; readonly taken: number } {
  let text = '';
  for (let taken = 1; taken <= mostCellLines; taken += 1) {
    const line = rows[from + taken - 1];
    if (line === undefined) break;
    text += taken === 1 ? line.text : ` ${line.text}`;
    const { cells, isOpen } = cellsOf(text, divider);
    if (!isOpen) return { row: cells, taken };
  }
  return { row: null, taken: 1 };
}

function draftsOf(
  row: readonly string[],
  columns: readonly (Meaning | null)[],
  { number, text }: TextLine,
): Draft[] {
  const cell = (meaning: Meaning): string => row[columns.indexOf(meaning)] ?? '';
  if (row.every((each) => each === '')) return [];
  const values = valuesOf(cell);
  if (values === null) return [{ line: number, text, email: null, reason: 'badValue' }];
  const given = {
    username: cell('username') || null,
    fullName: values.fullName ?? null,
    oauthId: cell('oauthId') || null,
    values,
    teams: teamsOf(cell('teams')),
  };
  const found = readLine({ number, text: cell('email') });
  if (found.length === 0) return [{ line: number, text, email: null, reason: 'notAnAddress' }];
  return found.map((draft) =>
    draft.email === null ? draft : { ...draft, ...given, fullName: given.fullName ?? draft.fullName },
  );
}

/** Names of teams, which may hold commas and spaces. */
function teamsOf(cell: string): readonly string[] {
  const names = cell.split(/[;|]/).map(plainName);
  return [...new Set(names.filter((name) => name !== ''))];
}

const mostRoles = 20;
const longestRole = 50;

/** Words of a cell that say more than its being empty, which says nothing: no limit, and no name. */
const unlimitedWord = 'unlimited';
const noneWord = '(none)';

/** What the cells say of fields; null where one says what its field cannot be. */
function valuesOf(cell: (meaning: Meaning) => string): PastedValues | null {
  const name = cell('fullName') || plainName(`${cell('givenName')} ${cell('familyName')}`);
  const roles = cell('roles')
    .split(/[\s,;|+/]+/)
    .filter((role) => role !== '');
  const limits = (['maxBudget', 'tpmLimit', 'rpmLimit'] as const).flatMap((field) => {
    const text = cell(field);
    if (text === '') return [];
    return [[field, text.toLowerCase() === unlimitedWord ? null : text] as const];
  });
  const isAmount = ([field, text]: (typeof limits)[number]): boolean =>
    text === null || (field === 'maxBudget' ? budget : limit).safeParse(text).success;
  if (
    !limits.every(isAmount) ||
    roles.length > mostRoles ||
    roles.some((role) => role.length > longestRole)
  ) {
    return null;
  }
  return {
    ...(name === '' ? {} : { fullName: name.toLowerCase() === noneWord ? null : name }),
    ...(roles.length === 0 ? {} : { roles: [...new Set(roles)] }),
    ...Object.fromEntries(limits),
  };
}

/** A row's cells. `isOpen`: a quote in it is not closed. */
function cellsOf(
  row: string,
  divider: string,
): { readonly cells: readonly string[]; readonly isOpen: boolean } {
  const cells: string[] = [];
  let cell = '';
  let isQuoted = false;
  for (let index = 0; index < row.length; index += 1) {
    const sign = row.charAt(index);
    if (isQuoted) {
      if (sign !== '"') cell += sign;
      else if (row.charAt(index + 1) === '"') {
        cell += sign;
        index += 1;
      } else isQuoted = false;
    } else if (sign === '"' && cell.trim() === '') {
      isQuoted = true;
      cell = '';
    } else if (sign === divider) {
      cells.push(plainName(cell));
      cell = '';
    } else cell += sign;
  }
  cells.push(plainName(cell));
  return { cells, isOpen: isQuoted };
}
