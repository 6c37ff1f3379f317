import type { AreaHandlers } from '../router/handlers';
import { countRows } from './count-rows';
import { describeRelation } from './describe-relation';
import { exportRows } from './export-rows';
import { exportRelations, listRelations } from './list-relations';
import { listSchemas } from './list-schemas';
import { fileSayingWhoLocks, sayingWhoLocks } from './locked-relation';
import { readCell } from './read-cell';
import { readRows } from './read-rows';

export const browseHandlers: AreaHandlers<'browse'> = {
  schemas: listSchemas,
  relations: listRelations,
  exportRelationsCsv: exportRelations,
  relation: describeRelation,
  rows: sayingWhoLocks(readRows),
  count: sayingWhoLocks(countRows),
  cell: sayingWhoLocks(readCell),
  exportCsv: fileSayingWhoLocks(exportRows),
};
