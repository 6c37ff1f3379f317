import { currentConnection } from '../api/app-state';

/** The search parameters a list was last seen with, by workspace and path. */
const lastSearch = new Map<string, string>();

const keyOf = (path: string): string => `${currentConnection().state?.workspace?.id ?? ''} ${path}`;

export function rememberListSearch(path: string, search: string): void {
  lastSearch.set(keyOf(path), search);
}

/** A list's address as the person left it in this workspace: a record leads back to the same page of it. */
export function listAddress(path: string): string {
  const search = lastSearch.get(keyOf(path)) ?? '';
  return search === '' ? path : `${path}?${search}`;
}
