import type { AreaHandlers } from '../router/handlers';
import { previewCreate } from './create-users';
import { getUser } from './get-user';
import { knownUsers } from './known-users';
import { previewMerge } from './merge/preview-merge';
import { sameAddress } from './merge/same-address';
import { leaving } from './offboard/leaving';
import { offboardReport } from './offboard/offboard-report';
import { previewOffboard } from './offboard/preview-offboard';
import { previewDelete, previewEdits, previewUpdate } from './preview-users';
import { exportUsers, listUsers, userOptions } from './users-list';

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
  leaving,
  previewOffboard,
  offboardReport,
};
