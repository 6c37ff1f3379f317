import type { ChangeFinding, ChangeGrade } from '../../shared/contract/changes';
import type { Connection } from '../postgres/database';
import type { RelationName } from '../postgres/relations';
import type { ChangedPart, Wish } from './judge';
import type { Image, RecordNow, RecordTable, Way } from './record-table';

/** What a rule says of one record. An `error` keeps it from being changed. */
export interface RecordFinding {
  readonly severity: ChangeFinding['severity'];
  readonly text: string;
}

/** What LiteLLM has to hear of a change: which fields, and those among them by which access is taken away. */
export interface RemoteNews {
  readonly fields: readonly string[];
  readonly taken: readonly string[];
}

/** A record that is made, changed or deleted: before, after, and the fields that are written. */
export interface ChangedRecord {
  readonly id: string;
  readonly way: Way;
  readonly label: string;
  readonly before: Image;
  readonly after: Image;
  readonly set: Image;
  /** The journal's row that is taken back; NULL for a change of its own. */
  readonly undoes: string | null;
}

/** A record of another kind that is made, changed or deleted with one, in the same transaction. */
export interface Part {
  /** The id of the record it goes with. */
  readonly of: string;
  readonly way: Way;
  readonly kind: PartKind;
  readonly id: string;
  readonly set: Image;
}

/** Why the status of a subscription becomes what it is, where it is not that a person wants it so. */
export type SubscriptionCause = 'expiry' | 'quota' | 'sync';

/** What kind of record is changed, and what follows from changing it. */
export interface PartKind {
  /** By way, in LiteMaaS's upper-case style, such as `USER_UPDATE`; a way without one of its own is called an update. */
  readonly actions: { readonly update: string } & Readonly<Partial<Record<Way, string>>>;
  readonly record: RecordTable;
  /** What the history of subscriptions says it was that changed them; absent: somebody did. */
  readonly cause?: SubscriptionCause;
  /** NULL: it is none of LiteLLM's business. A record that is not there is `nothing`. */
  news(before: Image, after: Image): RemoteNews | null;
  /**
   * Of which records with news LiteLLM hears, by what the database holds besides; asked after writing, and for the
   * preview. Absent: of all of them.
   */
  heardOf?(
    connection: Connection,
    records: readonly Pick<ChangedRecord, 'id' | 'before' | 'after'>[],
  ): Promise<ReadonlySet<string>>;
}

export interface MovedAmounts {
  readonly aside: number;
  readonly left: number;
}

/** What there is to a deletion besides what the foreign keys say. */
export interface DeletionRules {
  /** What a record always has: taking back its making takes these rows along without a question. */
  readonly own: readonly RelationName[];
  /** How many records one transaction deletes at most, with all that goes along. */
  readonly sliceSize: number;
  /** Whether there is more to what belongs to records than one transaction should delete. */
  isTooMuch(connection: Connection, ids: readonly string[]): Promise<boolean>;
  /**
   * Moves a slice of it aside, out of the way of the transaction that deletes them.
   * @returns how many rows were moved.
   */
  archive(connection: Connection, ids: readonly string[]): Promise<number>;
  /**
   * The way back, after records came back or could not be deleted.
   * @param most not more than these.
   * @returns how many rows were moved; 0 once nothing is left to move.
   */
  restore(connection: Connection, ids: readonly string[], most?: number): Promise<number>;
  /** Whether rows of records that are there were moved aside. */
  hasAside(connection: Connection, ids: readonly string[]): Promise<boolean>;
  /** How many rows of records that are there were moved aside, and how many were not. */
  amounts(connection: Connection, ids: readonly string[]): Promise<MovedAmounts>;
}

/**
 * One kind of change: all that an area writes. Locking, versions, journal, audit, outbox, undo and preview are the
 * kernel's (design: "Changes").
 */
export interface Change extends Omit<PartKind, 'actions'> {
  /** What the journal and the audit trail call it, in LiteMaaS's upper-case style. */
  readonly actions: Readonly<Record<Way, string>>;
  /** Which of its fields are ever changed, where that is not all that can be edited. */
  readonly fields?: readonly string[];
  /** The kinds of record that may change with these: an undo finds them here. */
  readonly partKinds: readonly PartKind[];
  /** How many records one transaction makes or changes at most. */
  readonly sliceSize: number;
  /**
   * Wishes with what only the records as they are now tell: asked for the preview, and again in the transaction that
   * changes them, under their locks. Asked anew it says the same of a record that did not change.
   */
  settle?(
    connection: Connection,
    wishes: readonly Wish[],
    now: ReadonlyMap<string, RecordNow>,
  ): Promise<readonly Wish[]>;
  grade(before: Image, after: Image): ChangeGrade;
  /** What there is to say about one record, by itself. A record that is not there is `nothing`. */
  rules(before: Image, after: Image, id: string): readonly RecordFinding[];
  /**
   * Locks what `rulesOfEach` looks at besides the records, in the transaction that changes them and without waiting.
   * Answers those of which another transaction holds some of it.
   */
  lockAround?(connection: Connection, changed: readonly ChangedRecord[]): Promise<ReadonlySet<string>>;
  /**
   * What there is to say about single records that their own columns do not say, by id. An `error` keeps its record from
   * being changed, and no other.
   */
  rulesOfEach?(
    connection: Connection,
    changed: readonly ChangedRecord[],
  ): Promise<ReadonlyMap<string, readonly RecordFinding[]>>;
  /** What there is to say about all of them together, judged on the state after the whole change. */
  rulesOfAll?(connection: Connection, changed: readonly ChangedRecord[]): Promise<readonly ChangeFinding[]>;
  /** What there is to say about the parts, asked for the preview alone. An `error` keeps all of it from being done. */
  rulesOfParts?(
    connection: Connection,
    changed: readonly ChangedRecord[],
    parts: readonly ChangedPart[],
  ): Promise<readonly ChangeFinding[]>;
  /**
   * Asked in the transaction that changes them, before anything is written.
   * @throws AppError `validation` where the parts may not be changed.
   */
  beforeParts?(connection: Connection, parts: readonly ChangedPart[]): Promise<void>;
  /**
   * Holds what must be true of all records together also while others change them: asked after writing, in the same
   * transaction, under a lock of its own.
   * @throws AppError `validation` where it is not true any more.
   */
  hold?(
    connection: Connection,
    changed: readonly ChangedRecord[],
    parts: readonly ChangedPart[],
  ): Promise<void>;
  /**
   * The names by which people know records whose own columns say none, by id: as they are, or as they are to be made.
   * Absent: the label column names them.
   */
  namesOf?(
    connection: Connection,
    records: readonly { readonly id: string; readonly image: Image }[],
  ): Promise<ReadonlyMap<string, string>>;
  /** How its records are deleted. Without it they can't be. */
  readonly deletion?: DeletionRules;
  /** What an undo does where something of it can't be as it was before any more. */
  wayBack?(connection: Connection, wishes: readonly Wish[]): Promise<readonly Wish[]>;
  /** Records of other kinds that change with these. */
  parts?(connection: Connection, changed: readonly ChangedRecord[]): Promise<readonly Part[]>;
}
