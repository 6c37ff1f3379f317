import pg from 'pg';

/**
 * A name as it is written in a statement that a person copies: quoted, and with signs that are invisible or turn the
 * line around as escapes (`U&"\202E"`), so that what is read is what runs. Bare `current_user` would be somebody.
 */
export function quotedIdentifier(name: string): string {
  if (/^(?:public|[a-z]+_[a-z_]+)$/.test(name) && !/^(?:current|session|system)_/.test(name)) return name;
  if (!/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u115F\u1160\u3164\uFFA0]/u.test(name))
    return pg.escapeIdentifier(name);
  const escaped = Array.from(name, (sign) => {
    if (sign === '\\') return '\\\\';
    if (sign === '"') return '""';
    return /[\p{L}\p{N}\p{P}\p{S} ]/u.test(sign) && !/[\u115F\u1160\u3164\uFFA0]/.test(sign)
      ? sign
      : `\\+${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(6, '0')}`;
  });
  return `U&"${escaped.join('')}"`;
}
