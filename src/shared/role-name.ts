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
    bytesOf(name) <= mostBytes &&
    !/[\p{C}\p{Zl}\p{Zp}]/u.test(name) &&
    !reserved.has(name) &&
    !name.startsWith('pg_')
  );
}

/** How long a text is in UTF-8. */
function bytesOf(text: string): number {
  let bytes = 0;
  for (const sign of text) {
    const code = sign.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}
