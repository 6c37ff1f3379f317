import { say } from '../../kernel/say';
import { facts, qualified } from '../checks/check';
import { readInvalidIndexes } from '../checks/invalid-indexes';
import { buildIndexes } from './build-indexes';
import { loadExpectedObjects } from '../catalogue/expected-objects';
import { durationOfBytes, type Repair, type RepairOf } from './repair';

/** Builds an invalid index again, beside the writers. */
export const reindex: Repair<RepairOf<'reindex'>> = {
  mode: 'outside',
  async plan({ client }, { schema, index }) {
    const expected = await loadExpectedObjects();
    const found = (await readInvalidIndexes(client)).find(
      (one) => one.schema === schema && one.name === index && !one.is_partitioned,
    );
    if (!found || !expected.ownsIndex(schema, found.table_name, index)) return null;
    return {
      title: say('health.repair.title.reindex'),
      facts: facts(
        [say('health.indexes.table'), qualified(schema, found.table_name), 'code'],
        [say('health.indexes.definition'), found.definition, 'code'],
        [say('health.repair.toRead'), found.table_bytes, 'bytes'],
      ),
      statements: [`REINDEX INDEX CONCURRENTLY ${qualified(schema, index)};`],
      blocks: 'schema_changes',
      duration: durationOfBytes(Number(found.table_bytes)),
      before: { valid: false },
    };
  },
  async run(work, { schema, index }, { title, statements }) {
    await buildIndexes(work, title, statements);
    return {
      summary: say('health.repair.indexDone', { index: qualified(schema, index) }),
      after: { valid: true },
    };
  },
};
