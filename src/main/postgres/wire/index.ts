export { CheckedClient, checkedPool, streamOf, type WireConfig } from './checked-client';
export type { SignInMethod, SignInRules } from './sign-in';
