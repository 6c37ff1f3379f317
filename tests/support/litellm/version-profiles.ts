/** The LiteLLM releases the simulator can play; 1.81.0 is the one LiteMaaS pins. */
export type VersionName = '1.74' | '1.81.0' | '1.83.10' | '1.93' | '1.100' | '1.108.7';

/** What a release does differently from another; every switch names a statement of the API reference. */
export interface VersionProfile {
  readonly litellmVersion: string;
  /** Routes */
  readonly spendLogsV2: boolean;
  readonly userInfoV2: boolean;
  readonly dailyActivityAggregated: boolean;
  readonly dailyActivityTimezone: boolean;
  readonly keyAliases: 'absent' | 'bare' | 'paged';
  /** Spend rows */
  readonly spendPageSizeMaximum: 100 | 1000;
  /** `total` of the spend list stops here; null = exact. */
  readonly spendTotalCap: number | null;
  readonly spendSorting: boolean;
  readonly spendCostBreakdown: boolean;
  readonly spendRequestDuration: boolean;
  /** Newest rows that the deprecated `/spend/logs?summarize=false` answers; null = all. */
  readonly rawSpendLogsCap: number | null;
  /** Models */
  readonly modelInfoV2Paging: boolean;
  readonly emptyRouterFails: boolean;
  /** The secret masker turns `litellm_params.input_cost_per_token` into a string. */
  readonly masksPriceParameters: boolean;
  /** Users, teams, keys */
  readonly unknownUserInfo: 'hollow' | 'not-found';
  readonly existingUser: 'echo' | 'conflict';
  readonly duplicateEmailStatus: 400 | 409;
  readonly userMaxBudgetCanBeCleared: boolean;
  readonly deletedLists: boolean;
  readonly teamSoftBudgetColumn: boolean;
  readonly memberMismatchRefused: boolean;
  readonly memberDeleteRemovesKeys: boolean;
  readonly keyAliasFilter: 'exact' | 'contains';
  readonly keyExpandUser: boolean;
  readonly keyLastActive: boolean;
  readonly settingsUpdatedAt: boolean;
  readonly flatKeyInfo: boolean;
  readonly unknownKeyUpdateStatus: 401 | 404;
  readonly keyBudgetDurationCanBeCleared: boolean;
  /** `/key/info` goes on showing a deleted key, with `deleted_at` and `status: "deleted"` (seen on 1.108.7). */
  readonly keyInfoShowsDeleted: boolean;
  readonly keyThirtyDaysIsNextMonth: boolean;
  readonly invalidBudgetDurationRefused: boolean;
}

const version174: VersionProfile = {
  litellmVersion: '1.74.0',
  spendLogsV2: false,
  userInfoV2: false,
  dailyActivityAggregated: false,
  dailyActivityTimezone: false,
  keyAliases: 'absent',
  spendPageSizeMaximum: 100,
  spendTotalCap: null,
  spendSorting: false,
  spendCostBreakdown: false,
  spendRequestDuration: false,
  rawSpendLogsCap: null,
  modelInfoV2Paging: false,
  emptyRouterFails: true,
  masksPriceParameters: true,
  unknownUserInfo: 'hollow',
  existingUser: 'echo',
  duplicateEmailStatus: 400,
  userMaxBudgetCanBeCleared: false,
  deletedLists: false,
  teamSoftBudgetColumn: false,
  memberMismatchRefused: false,
  memberDeleteRemovesKeys: false,
  keyAliasFilter: 'exact',
  keyExpandUser: false,
  keyLastActive: false,
  settingsUpdatedAt: false,
  flatKeyInfo: true,
  unknownKeyUpdateStatus: 401,
  keyBudgetDurationCanBeCleared: false,
  keyInfoShowsDeleted: false,
  keyThirtyDaysIsNextMonth: true,
  invalidBudgetDurationRefused: false,
};

const version1810: VersionProfile = {
  ...version174,
  litellmVersion: '1.81.0',
  spendLogsV2: true,
  dailyActivityAggregated: true,
  keyAliases: 'bare',
  spendCostBreakdown: true,
  unknownUserInfo: 'not-found',
  existingUser: 'conflict',
  deletedLists: true,
  teamSoftBudgetColumn: true,
  memberMismatchRefused: true,
  memberDeleteRemovesKeys: true,
  keyExpandUser: true,
  flatKeyInfo: false,
  keyThirtyDaysIsNextMonth: false,
};

const version18310: VersionProfile = {
  ...version1810,
  litellmVersion: '1.83.10',
  userInfoV2: true,
  dailyActivityTimezone: true,
  keyAliases: 'paged',
  spendSorting: true,
  modelInfoV2Paging: true,
  emptyRouterFails: false,
  masksPriceParameters: false,
  userMaxBudgetCanBeCleared: true,
  keyAliasFilter: 'contains',
  keyLastActive: true,
  unknownKeyUpdateStatus: 404,
  invalidBudgetDurationRefused: true,
};

const version193: VersionProfile = {
  ...version18310,
  litellmVersion: '1.93.0',
  spendPageSizeMaximum: 1000,
  spendTotalCap: 10_000,
  keyBudgetDurationCanBeCleared: true,
  rawSpendLogsCap: 10_000,
  duplicateEmailStatus: 409,
};

const version1100: VersionProfile = {
  ...version193,
  litellmVersion: '1.100.0',
  spendRequestDuration: true,
  settingsUpdatedAt: true,
};

const version11087: VersionProfile = {
  ...version1100,
  litellmVersion: '1.108.7',
  keyInfoShowsDeleted: true,
};

export const versionProfiles: Readonly<Record<VersionName, VersionProfile>> = {
  '1.74': version174,
  '1.81.0': version1810,
  '1.83.10': version18310,
  '1.93': version193,
  '1.100': version1100,
  '1.108.7': version11087,
};
