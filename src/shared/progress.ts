/**
 * How long work reports itself: a stable title ("Pull users") with a changing detail ("page 3 of 12").
 * `done` and `total` count the same unit; `total` is absent while it is unknown.
 */
export interface Progress {
  readonly title: string;
  readonly detail?: string | undefined;
  readonly done?: number | undefined;
  readonly total?: number | undefined;
}

export type ReportProgress = (progress: Progress) => void;
