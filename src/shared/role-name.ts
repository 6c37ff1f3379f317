const mostBytes = 63;

/** What PostgreSQL reads as everybody or as nobody, even in quotes. */
const reserved: ReadonlySet<string> = new Set(['public', 'none']);

/**
 * Whether a role can be made by this name: 63 bytes at most (PostgreSQL cuts the rest off), nothing invisible, no name
 * that PostgreSQL keeps for itself.
 */
export function isRoleName(name: string): boolean {
  return (
    name !== '' &&
    name === name.trim() &&
    new TextEncoder().encode(name).length <= mostBytes &&
    !/[\p{C}\p{Zl}\p{Zp}]/u.test(name) &&
    !reserved.has(name) &&
    !name.startsWith('pg_')
  );
}
