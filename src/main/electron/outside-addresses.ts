import { outsideAddresses } from '../../shared/outside-addresses';

const allowed: ReadonlySet<string> = new Set(Object.values(outsideAddresses));

/** True for the addresses that the console links to, to the letter: a query of its own could carry a secret out. */
export function isAllowedOutside(address: string): boolean {
  return allowed.has(address);
}
