export { CheckedClient, checkedPool, endedBy, streamOf, type WireConfig } from './checked-client';
export type { SignInMethod, SignInRules } from './sign-in';
