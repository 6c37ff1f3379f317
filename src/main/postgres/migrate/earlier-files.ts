import type pg from 'pg';
import type { LedgerEntry } from './ledger';
import type { Migration } from './read-migrations';

/**
 * Hashes (see `Migration.hash`) of the files before they were rewritten with qualified names, by the ledger's number.
 * A database made by them has the same tables, indexes, constraints and data; its functions, triggers and views are
 * brought along by the routines. 0003, 0007 and 0008 held nothing else and are gone.
 */
const earlierFiles: ReadonlyMap<number, string> = new Map([
  [1795305600000, 'c8dfa4809cb553dab4e3aa76728674bd4f4ff69c48f37d7208701cd723c3de44'],
  [1795305660000, '8e602d3e6e7f37a546ab02f53fbd000b3b630cf1733411d134eb4ed07200e543'],
  [1795305720000, '5aa7493a933fdddedbbefd3e1dcd47c8381acc8a67520e9bb01054c2e6875944'],
  [1795305780000, 'cef722bea62e027cff922c385fd95c5d1e0f3613179bc5d95b19454a437161c7'],
  [1795305840000, '6d9bbf7653969c196223a70c846d7ad974e9134e6deeffee4b8cc4a9da6f098e'],
  [1795305900000, '140995c23e266c525c5cf29b101d37317d637d55c4bc38be7eae98ce06d2fdf7'],
  [1795305960000, '323d56b7139337b60138f5a772e3b86a842197a02730a803ef8986f9de856bd7'],
  [1795306020000, '9875d07a003b6fcc96951193fe67cfb78d9367777b4397812a7039291964aa40'],
  [1795306080000, '3013ef49d7cc310286693e8ae893a4a1faabc13faaa1491754e64fa12cb17e7d'],
  [1795306140000, '99a6fef1589b7c2c08da1731203401f34b8a4f95dcc110823f88f9283a4faf90'],
  [1795306200000, '40d3610211e9677b1110859cf63569d9161c8c67c011e369c3259ee6ea05d3de'],
  [1795306260000, 'd356d0a7a97a45e91387ed472ebdde4fd4e44e83ca53b9f6f578344db16cb50c'],
]);

/** Whether an entry is of a file as it was before the rewriting: as good as applied. */
export function isOfEarlierFile({ when, hash }: Pick<LedgerEntry, 'when' | 'hash'>): boolean {
  return earlierFiles.get(when) === hash;
}

/**
 * Moves the entries of the earlier files to the files of today, and drops those of files that are gone, so that from
 * then on every entry is compared with what is there. Runs in the caller's transaction.
 */
export async function takeLedgerAlong(
  client: pg.ClientBase,
  migrations: readonly Migration[],
  ledger: readonly LedgerEntry[],
): Promise<void> {
  const today = new Map(migrations.map(({ when, hash }) => [when, hash]));
  for (const { when, hash: earlier } of ledger.filter(isOfEarlierFile)) {
    const hash = today.get(when);
    await (hash === undefined
      ? client.query('DELETE FROM drizzle.__drizzle_migrations WHERE created_at = $1 AND hash = $2', [
          when,
          earlier,
        ])
      : client.query(
          'UPDATE drizzle.__drizzle_migrations SET hash = $3 WHERE created_at = $1 AND hash = $2',
          [when, earlier, hash],
        ));
  }
}
