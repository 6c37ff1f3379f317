import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type pg from 'pg';

/** The statement groups of the LiteMaaS schema document, in its order: one file each in tests/fixtures/document-schema. */
const parts = [
  'users',
  'models',
  'teams',
  'team-members',
  'subscriptions',
  'api-keys',
  'api-key-models',
  'usage-logs',
  'usage-logs-partition',
  'usage-logs-indexes',
  'usage-summaries',
  'audit-logs',
  'updated-at-trigger',
  'quota-trigger',
  'usage-summary-trigger',
  'active-subscriptions-view',
  'usage-statistics-view',
  'migration-001',
  'migration-002',
  'api-keys-with-models-view',
  'updated-active-subscriptions-view',
  'initial-setup',
  'default-team',
] as const;

export type DocumentPart = (typeof parts)[number];

interface Repair {
  readonly written: string;
  readonly repaired: string;
}

/**
 * The smallest changes that let the document's schema be created at all, so that its later faults can be shown. All
 * else stays word for word.
 */
const repairs: Partial<Record<DocumentPart, readonly Repair[]>> = {
  // A1
  subscriptions: [
    {
      written: `,
    CONSTRAINT unique_active_subscription UNIQUE (user_id, model_id, status) WHERE status = 'active'
);`,
      repaired: `
);
CREATE UNIQUE INDEX unique_active_subscription ON subscriptions (user_id, model_id) WHERE status = 'active';`,
    },
  ],
  // A2
  'usage-logs': [
    { written: 'id UUID PRIMARY KEY DEFAULT', repaired: 'id UUID DEFAULT' },
    { written: '\n) PARTITION BY', repaired: ',\n    PRIMARY KEY (id, created_at)\n) PARTITION BY' },
  ],
  // A3
  'updated-active-subscriptions-view': [
    { written: 's2.user_id = s.user_id', repaired: 's2.user_id = ak.user_id' },
  ],
};

/** Fails even after every repair (A4), or needs what the console's role need not have (A8). */
const leftOut: readonly DocumentPart[] = ['migration-001', 'initial-setup'];

/** One statement group of the document, word for word. */
export function documentSql(part: DocumentPart): string {
  const number = String(parts.indexOf(part) + 1).padStart(2, '0');
  const file = new URL(`../../../fixtures/document-schema/${number}-${part}.sql`, import.meta.url);
  return readFileSync(fileURLToPath(file), 'utf8');
}

/** REPAIRED: one statement group of the document with the changes listed above, if it needs any. */
export function repairedDocumentSql(part: DocumentPart): string {
  return (repairs[part] ?? []).reduce((sql, { written, repaired }) => {
    if (sql.split(written).length !== 2) throw new Error(`The document's ${part} has no single "${written}"`);
    return sql.replace(written, repaired);
  }, documentSql(part));
}

/** The parts that `createRepairedDocument` applies, in order. */
export const repairedDocumentParts = parts.filter((part) => !leftOut.includes(part));

/** Creates the document's schema, repaired just far enough to exist, in an empty database. */
export async function createRepairedDocument(client: pg.ClientBase): Promise<void> {
  for (const part of repairedDocumentParts) await client.query(repairedDocumentSql(part));
}
