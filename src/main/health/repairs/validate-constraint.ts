import { sql } from 'drizzle-orm';
import * as z from 'zod';
import { bigInteger } from '../../../shared/contract/values';
import { say } from '../../kernel/say';
import { facts, identifier, qualified } from '../checks/check';
import { readUnvalidatedConstraints } from '../checks/unvalidated-constraints';
import { loadExpectedObjects } from '../catalogue/expected-objects';
import { durationOfBytes, type Repair, type RepairOf } from './repair';

const tableSize = z.strictObject({ bytes: bigInteger.nullable() });

/** Checks a constraint on the rows that were there before it. */
export const validateConstraint: Repair<RepairOf<'validate_constraint'>> = {
  mode: 'transaction',
  async plan(connection, { schema, table, constraint }) {
    const expected = await loadExpectedObjects();
    const found = (await readUnvalidatedConstraints(connection)).find(
      (one) => one.schema === schema && one.table_name === table && one.name === constraint,
    );
    if (!found || !expected.ownsConstraint(schema, table, constraint)) return null;
    const [size] = await connection.select(
      tableSize,
      sql`SELECT pg_table_size(to_regclass(${qualified(schema, table)}))::text AS bytes`,
    );
    const bytes = size?.bytes ?? '0';
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
      before: { validated: false },
    };
  },
  async run({ run }, { constraint }, { statements }) {
    for (const statement of statements) await run(sql.raw(statement));
    return { summary: say('health.repair.validateDone', { constraint }), after: { validated: true } };
  },
};
