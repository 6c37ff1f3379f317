import { homedir, userInfo } from 'node:os';
import { isIP } from 'node:net';
import { dirname } from 'node:path';
import { redact } from '../../shared/redact';
import type { SecretStoreStatus } from '../workspace/secrets/secret-store';
import type { About } from './about';
import type { DatabaseFacts } from './database-facts';

/** Everything the diagnostics file is made of, before names and secrets are taken out. */
export interface DiagnosticsInput {
  readonly writtenAt: Date;
  readonly about: About;
  readonly secretStore: SecretStoreStatus;
  readonly workspaceCount: number;
  /** NULL when no database is open. */
  readonly workspace: WorkspaceFacts | null;
  readonly logLines: readonly string[];
}

interface WorkspaceFacts {
  readonly kind: string;
  readonly access: string;
  readonly tlsMode: string;
  /** Without password. */
  readonly location: string;
  readonly schema: string | null;
  readonly reportingTimeZone: string;
  readonly database: DatabaseFacts | { readonly failed: string };
}

/** What has to stay out of the file. */
export interface Confidential {
  /** Passwords and keys that are known here: taken out literally, whatever they look like. */
  readonly secrets: readonly string[];
  /** Hosts, databases and database users that are connected to; null when the person lets them be named. */
  readonly addresses: readonly string[] | null;
}

const longestLine = 2_000;
const shortestName = 3;

/**
 * The diagnostics file: indented JSON that says what runs, on what, against which kind of database, and what was logged
 * last. Without secrets, without names of people (the account's name and home folder included), and without addresses
 * unless the person lets them be named.
 */
export function diagnosticsText(input: DiagnosticsInput, confidential: Confidential): string {
  const { writtenAt, about, secretStore, workspaceCount, workspace, logLines } = input;
  const content = {
    writtenAt: writtenAt.toISOString(),
    console: clean(about, confidential),
    secretStore: clean({ state: secretStore.state, backend: secretStore.backend }, confidential),
    workspaceCount,
    workspace: clean(workspace, confidential),
    log: logLines.map((line) => shortened(clean(readable(line), confidential))),
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}

/** A log line is JSON already: as such it is easier to read. */
function readable(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return line;
  }
}

/** A long log line's beginning. Only of what is clean already: half a secret would not be recognised. */
function shortened(line: unknown): unknown {
  const text = typeof line === 'string' ? line : JSON.stringify(line);
  return text.length > longestLine ? `${text.slice(0, longestLine)}…` : line;
}

/** Every text in a JSON value, property names included, without what is confidential. */
function clean(value: unknown, confidential: Confidential): unknown {
  if (typeof value === 'string') return cleanText(value, confidential);
  if (Array.isArray(value)) return value.map((item) => clean(item, confidential));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [cleanText(name, confidential), clean(inner, confidential)]),
  );
}

function cleanText(text: string, { secrets, addresses }: Confidential): string {
  let result = text;
  // The longest first: one may be part of another.
  for (const secret of secrets.toSorted((one, other) => other.length - one.length)) {
    if (secret !== '') result = result.replaceAll(secret, '••••••');
  }
  result = withoutHome(redact(result));
  for (const name of addresses ?? []) result = withoutWord(result, name, '<address>');
  return withoutWord(result, userInfo().username, '<account>');
}

/** An account without a home of its own has the root folder, or none. */
function withoutHome(text: string): string {
  const home = homedir();
  return home === '' || home === dirname(home) ? text : text.replaceAll(home, '~');
}

/** Short names ("db") and this machine itself say nothing, but replacing them would garble every other word. */
function withoutWord(text: string, word: string, replacement: string): string {
  if (word.length < shortestName || isThisMachine(word)) return text;
  const escaped = word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return text.replace(new RegExp(`(?<![\\w-])${escaped}(?![\\w-])`, 'gi'), replacement);
}

function isThisMachine(name: string): boolean {
  return name === 'localhost' || (isIP(name) !== 0 && (name.startsWith('127.') || name === '::1'));
}
