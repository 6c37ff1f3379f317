import type pg from 'pg';

/** Where a database is, as a connection URI without password: safe to show and to copy. */
export function describeLocation({ host, port, database, user }: pg.ClientConfig): string {
  const name = encodeURIComponent(database ?? '');
  const owner = encodeURIComponent(user ?? '');
  if (host?.startsWith('/')) {
    return `postgresql://${owner}@/${name}?host=${encodeURIComponent(host)}&port=${String(port ?? 5432)}`;
  }
  const where = host?.includes(':') ? `[${host}]` : (host ?? 'localhost');
  return `postgresql://${owner}@${where}:${String(port ?? 5432)}/${name}`;
}
