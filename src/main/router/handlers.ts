import type { Writable } from 'node:stream';
import type {
  AreaName,
  CheckedInputOf,
  Contract,
  ProcedureName,
  ResultOf,
} from '../../shared/contract/index';
import type { ReportProgress } from '../../shared/progress';
import type { OpenWorkspace } from '../workspace/open-workspace';

/** What every handler gets besides its checked input. */
export interface AppCall {
  /** Aborted when the caller cancelled, the window closed, or the console is closing. */
  readonly signal: AbortSignal;
  /** Shows how far long work is; ignored outside jobs. */
  readonly report: ReportProgress;
}

/** A call whose procedure needs an open database. */
export interface WorkspaceCall extends AppCall {
  readonly workspace: OpenWorkspace;
}

/** What a file procedure hands to its host, which decides where the content goes. */
export interface FileContent {
  readonly suggestedName: string;
  readonly contentType: string;
  /** Streams the content; rejects when it could not be produced. Must end the stream. */
  write(target: Writable, signal: AbortSignal): Promise<void>;
  /** Whether what was written so far is worth keeping where the rest does not come. Absent: it is not. */
  mustStay?(): boolean;
}

type CallOf<P> = P extends { scope: 'app' } ? AppCall : WorkspaceCall;
type OutcomeOf<P> = P extends { kind: 'file' } ? FileContent : ResultOf<P>;

export type Handler<P> = (input: CheckedInputOf<P>, call: CallOf<P>) => Promise<OutcomeOf<P>>;

/** One handler for each procedure of an area. */
export type AreaHandlers<Area extends AreaName> = {
  readonly [Name in ProcedureName<Area>]: Handler<Contract[Area][Name]>;
};

export type Handlers = { readonly [Area in AreaName]: AreaHandlers<Area> };
