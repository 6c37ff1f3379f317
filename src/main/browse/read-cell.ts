import { sql } from 'drizzle-orm';
import * as z from 'zod';
import type { Contract } from '../../shared/contract/index';
import { AppError } from '../../shared/errors';
import type { Handler } from '../router/handlers';
import { say } from '../kernel/say';
import { quotedName, readableRelation, spokenName } from './known-relation';
import { isRowAt, rowPlace } from './row-order';
import { cellPurpose } from './row-purposes';
import { unseal } from './sealed-text';
import { cutText, toCell, wholeBytes, wholeLength } from './shown-cell';

const cellRow = z.strictObject({ text: z.string().nullable(), bytes: z.int().nullable() });

/** One value whole. Throws `not_found` when its row is not there any more. */
export const readCell: Handler<Contract['browse']['cell']> = (input, { signal, workspace }) =>
  workspace.database.read(signal, async (connection) => {
    const key = z.array(z.string()).parse(unseal(cellPurpose(workspace.id, input), input.key));
    const relation = await readableRelation(connection, input);
    const column = relation.columns.find(({ name }) => name === input.column);
    if (!column) {
      throw new AppError(
        'not_found',
        say('sql.browse.noColumn', { column: input.column, name: spokenName(input) }),
        { hint: say('sql.browse.noColumnHint') },
      );
    }
    const { paging } = relation;
    const keyColumns = paging.by === 'key' ? paging.columns : [rowPlace];
    const found =
      // The key may have been changed since the page was read.
      paging.by === 'count' || key.length !== keyColumns.length
        ? []
        : await connection.select(
            cellRow,
            sql`
            SELECT ${cutText(column, wholeLength)} AS text, ${wholeBytes(column)} AS bytes
            FROM ${quotedName(relation)} AS t WHERE ${isRowAt(keyColumns, key)}`,
          );
    const [row] = found;
    if (!row) {
      throw new AppError('not_found', say('sql.browse.rowGone'), { hint: say('sql.browse.rowGoneHint') });
    }
    return { ...toCell(column, row.text, row.bytes, wholeLength), type: column.type };
  });
