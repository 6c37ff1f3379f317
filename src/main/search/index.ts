import type { AreaHandlers } from '../router/handlers';
import { searchEverything } from './everything';
import { searchRecords } from './records';

/** The command palette's answers. */
export const searchHandlers: AreaHandlers<'search'> = {
  everything: searchEverything,
  records: searchRecords,
};
