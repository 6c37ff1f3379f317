import type { AreaHandlers } from '../router/handlers';
import { previewCreate } from './create-users';
import { exportUsers } from './export-users';
import { getUser } from './get-user';
import { knownUsers } from './known-users';
import { listUsers } from './list-users';
import { previewMerge } from './merge/preview-merge';
import { sameAddress } from './merge/same-address';
import { previewDelete, previewEdits, previewUpdate } from './preview-users';
import { userOptions } from './user-options';

export const usersHandlers: AreaHandlers<'users'> = {
  list: listUsers,
  get: getUser,
  options: userOptions,
  exportCsv: exportUsers,
  known: knownUsers,
  previewUpdate,
  previewEdits,
  previewCreate,
  previewDelete,
  sameAddress,
  previewMerge,
};
