import type { AnswerOf, AreaName, Contract, InputOf, ProcedureName } from './contract/index';
import type { ErrorEnvelope } from './errors';

/** Every answer crosses as a value: Electron would reduce a thrown error to its message. */
export type Answer<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: ErrorEnvelope };

/**
 * What both hosts offer the renderer: on the desktop the preload exposes it as `window.litemaas`, in browser mode
 * the renderer builds the same over HTTP. `callId` is unique per call and is what `host.cancel` names.
 */
export type Bridge = {
  readonly [Area in AreaName]: {
    readonly [Name in ProcedureName<Area>]: (
      input: InputOf<Contract[Area][Name]>,
      callId: string,
    ) => Promise<Answer<AnswerOf<Contract[Area][Name]>>>;
  };
} & {
  readonly host: {
    readonly kind: 'desktop' | 'browser';
    /** Cancels a call that is under way; an unknown id is ignored (the answer may be on its way). */
    cancel(callId: string): void;
    /** Browser mode only: fetches what a file procedure answered as a single-use ticket. */
    downloadTicket?(ticket: string, name: string): void;
    /** Browser mode only: ends the session; every later call is refused. */
    endSession?(): Promise<void>;
  };
};
