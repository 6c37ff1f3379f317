import { isEmailAddress } from '../typed-names';
import { plainName, plainText } from '../plain-name';
import type { Draft, TextLine } from './draft';
import { readLine } from './read-line';
import { findHeading, readTable } from './read-table';

/** Somebody in a pasted text. What the text does not say is null. */
export interface PastedPerson {
  /** Counted from 1. */
  readonly line: number;
  readonly email: string;
  readonly username: string | null;
  readonly fullName: string | null;
  /** The id at the identity provider. */
  readonly oauthId: string | null;
  /** What else a table says: a field whose cell is empty is absent, null is unlimited or none. */
  readonly values: PastedValues;
  /** Names of teams to join. */
  readonly teams: readonly string[];
}

/** Columns of a table besides who it is. */
export interface PastedValues {
  readonly fullName?: string | null;
  readonly roles?: string[];
  readonly maxBudget?: string | null;
  readonly tpmLimit?: string | null;
  readonly rpmLimit?: string | null;
}

export interface PasteProblem {
  readonly line: number;
  /** What stands there, as far as it can be shown in a line. */
  readonly text: string;
  /** `duplicate`: an earlier line has the same address, upper and lower case aside. */
  readonly reason: 'notAnAddress' | 'badAddress' | 'tooLong' | 'duplicate' | 'openQuote' | 'badValue';
}

export interface PastedPeople {
  readonly people: readonly PastedPerson[];
  readonly problems: readonly PasteProblem[];
  /** Headings of a table's columns that say nothing that is used here. */
  readonly unusedColumns: readonly string[];
  /** Whether there was more than is read. */
  readonly isCut: boolean;
}

/** How many people, lines and problems are read of a text. */
export const maxPastedPeople = 1_000;
const maxCharacters = 300_000;
/** What the columns hold. */
const maxText = 255;
const shownCharacters = 80;

/**
 * The people in what somebody pasted: addresses divided by lines, commas, semicolons, tabs or spaces, with or without
 * names as mail programs write them, or a table with a heading. What is no address is answered with its line, never left
 * out without a word.
 */
export function parsePastedPeople(text: string): PastedPeople {
  const all = linesOf(text.slice(0, maxCharacters));
  const lines = all.slice(0, maxPastedPeople);
  const heading = findHeading(lines);
  const read = heading === null ? lines.map(readLine) : readTable(heading);
  const people = new Map<string, PastedPerson>();
  const problems: PasteProblem[] = [];
  for (const draft of read.flat()) {
    const reason = reasonAgainst(draft);
    const key = draft.email?.toLowerCase();
    if (reason !== null || draft.email === null || key === undefined) {
      problems.push(problemOf(draft, reason ?? 'notAnAddress'));
    } else if (people.has(key)) {
      problems.push(problemOf(draft, 'duplicate'));
    } else {
      const { line, email, username, fullName, oauthId, values, teams } = draft;
      people.set(key, { line, email, username, fullName, oauthId, values, teams });
    }
  }
  const teamNames = new Set([...people.values()].flatMap(({ teams }) => teams));
  return {
    people: [...people.values()].slice(0, maxPastedPeople),
    problems: problems.slice(0, maxPastedPeople),
    unusedColumns: heading?.unused ?? [],
    isCut:
      text.length > maxCharacters ||
      Math.max(all.length, people.size, problems.length, teamNames.size) > maxPastedPeople,
  };
}

/** Lines that hold something, without signs that nobody sees; every kind of space is one, and tabs divide. */
function linesOf(text: string): TextLine[] {
  return text
    .split(/\r\n|[\n\r\v\f\u0085\u2028\u2029]/)
    .map((line, index) => ({ number: index + 1, text: plainLine(line) }))
    .filter((line) => line.text.trim() !== '');
}

function plainLine(line: string): string {
  return plainText(line).replaceAll(/[\p{Zs}\p{Cc}]/gu, (sign) => (sign === '\t' ? sign : ' '));
}

function reasonAgainst(draft: Draft): PasteProblem['reason'] | null {
  if (draft.email === null) return draft.reason;
  const { email, username, fullName, oauthId, teams } = draft;
  if ([email, username, fullName, oauthId, ...teams].some((text) => text !== null && text.length > maxText)) {
    return 'tooLong';
  }
  return isEmailAddress(email) ? null : 'badAddress';
}

function problemOf({ line, text }: Draft, reason: PasteProblem['reason']): PasteProblem {
  const plain = plainName(text);
  const shown = plain.length > shownCharacters ? `${plain.slice(0, shownCharacters)}…` : plain;
  return { line, text: shown, reason };
}
