export { createSimulator, type Simulator, type SimulatorOptions } from './simulator';
export { emptyState, type ProxyState, type KeyRow, type SpendRow, type TeamRow, type UserRow } from './state';
export { keyRow, spendRow, teamRow, tokenOf, userRow } from './rows';
export { costUnits } from './cost-units';
export { flushSpend } from './spend-flush';
export type { Fault } from './faults';
export type { RecordedRequest } from './recorder';
export type { VersionName } from './version-profiles';
export {
  demoCredentials,
  seedDemoState,
  spendTotals,
  type DemoOptions,
  type SpendTotals,
} from './demo-state';
