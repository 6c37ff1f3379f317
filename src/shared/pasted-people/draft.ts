import type { PastedPerson } from './parse-pasted-people';

export interface TextLine {
  /** Counted from 1, empty lines too. */
  readonly number: number;
  readonly text: string;
}

/** What a place in a pasted text says of a person, not judged yet; or why it says nothing. */
export type Draft =
  | (PastedPerson & { readonly text: string })
  | {
      readonly line: number;
      readonly text: string;
      readonly email: null;
      readonly reason: 'notAnAddress' | 'openQuote' | 'badValue';
    };
