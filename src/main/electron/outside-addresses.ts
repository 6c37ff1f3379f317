const allowedHosts: ReadonlySet<string> = new Set(['docs.litellm.ai', 'github.com', 'www.postgresql.org']);

/** True for https addresses of documentation hosts, on the usual port and without credentials. */
export function isAllowedOutside(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname, port, username, password } = new URL(address);
  return (
    protocol === 'https:' && allowedHosts.has(hostname) && port === '' && username === '' && password === ''
  );
}
