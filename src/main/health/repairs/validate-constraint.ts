import { say } from '../../say';
import { facts, identifier, qualified } from '../checks/check';
import { readUnvalidatedConstraints } from '../checks/unvalidated-constraints';
import { loadExpectedObjects } from '../catalogue/expected-objects';
import { durationOfBytes, type Repair, type RepairOf } from './repair';

/** Checks a constraint on the rows that were there before it. */
export const validateConstraint: Repair<RepairOf<'validate_constraint'>> = {
  mode: 'transaction',
  async plan({ client }, { schema, table, constraint }) {
    const expected = await loadExpectedObjects();
    const found = (await readUnvalidatedConstraints(client)).find(
      (one) => one.schema === schema && one.table_name === table && one.name === constraint,
    );
    if (!found || !expected.ownsConstraint(schema, table, constraint)) return null;
    const { rows } = await client.query<{ bytes: string }>(
      'SELECT pg_table_size(to_regclass($1))::text AS bytes',
      [qualified(schema, table)],
    );
    const bytes = rows[0]?.bytes ?? '0';
    return {
      title: say('health.repair.title.validate_constraint'),
      facts: facts(
        [say('health.indexes.definition'), found.definition, 'code'],
        [say('health.rowsEstimated'), found.estimated_rows, 'count'],
        [say('health.repair.toRead'), bytes, 'bytes'],
      ),
      statements: [`ALTER TABLE ${qualified(schema, table)} VALIDATE CONSTRAINT ${identifier(constraint)};`],
      blocks: 'schema_changes',
      duration: durationOfBytes(Number(bytes)),
    };
  },
  async run({ client }, { constraint }, { statements }) {
    for (const statement of statements) await client.query(statement);
    return say('health.repair.validateDone', { constraint });
  },
};
