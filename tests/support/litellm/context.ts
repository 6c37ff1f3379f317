import type { Caller } from './authentication';
import type { RecordedRequest, Recorder } from './recorder';
import type { ProxyState, TeamRow, UserRow } from './state';
import type { VersionProfile } from './version-profiles';

/** Things a test may turn while the simulator runs. */
export interface Switches {
  /** False: readiness says "Not connected" and every management route answers `no_db_connection`. */
  databaseConnected: boolean;
  /** True: readiness tells its status and nothing else, as late releases can be set to. */
  hideReadinessDetails: boolean;
  /** True: an ORDER BY without tie-break gives another order on each call. */
  unstableOrder: boolean;
  /** True: the daily tables lose rows, as the reference's trust note says; the spend log keeps them. */
  lossyDailyTables: boolean;
  /** True: a proxy started with `--model`, whose `/model/info` gives an object instead of a list. */
  singleModel: boolean;
  /** Spend rows show up this long after their request ended. */
  spendLagMs: number;
  /** Pause between reading and writing a team's member list; two writers in it lose one update. */
  memberWriteGapMs: number;
  /** Most teams and users the licence allows; null = no cap. */
  licensedTeams: number | null;
  licensedUsers: number | null;
  /** The site's `default_team_settings`: put into a new team where the request says nothing. */
  defaultTeamSettings: Partial<TeamRow>;
  /** The site's `default_internal_user_params`: likewise for a new user. */
  defaultUserSettings: Partial<UserRow>;
}

/** What the endpoints share. */
export interface Proxy {
  readonly profile: VersionProfile;
  /** Version that readiness reports; differs from the profile's only when a test says so. */
  readonly reportedVersion: string;
  readonly masterKey: string;
  readonly keyHeaderName: string | null;
  readonly state: ProxyState;
  readonly switches: Switches;
  readonly recorder: Recorder;
  readonly now: () => Date;
}

/** One request on its way through an endpoint. */
export interface Call {
  readonly proxy: Proxy;
  readonly profile: VersionProfile;
  readonly state: ProxyState;
  readonly caller: Caller;
  readonly query: URLSearchParams;
  readonly body: unknown;
  readonly recorded: RecordedRequest;
}

/** An answer with headers of its own. */
export class Reply {
  constructor(
    readonly body: unknown,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {}
}

/**
 * Who may call: `public` needs no key; `any` every valid key; `own` every valid key, the endpoint checks whose object
 * it is; `read` admins and viewers; `write` admins.
 */
export type Access = 'public' | 'any' | 'own' | 'read' | 'write';

export interface Endpoint {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly access: Access;
  /** Releases that have it; all when left out. */
  readonly exists?: (profile: VersionProfile) => boolean;
  /** Answers without LiteLLM's database. */
  readonly withoutDatabase?: boolean;
  readonly handle: (call: Call) => unknown;
}
