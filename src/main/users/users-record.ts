import { userDefinition } from '../../shared/records/users';
import { recordTable } from '../changes/record-table';
import { users } from '../postgres/schema';

/** Users as changes read and write them. */
export const usersRecord = recordTable(users, {
  kind: 'user',
  resourceType: userDefinition.resourceType,
  relation: 'users',
  idType: userDefinition.idType,
  label: 'username',
  editable: userDefinition.editable,
  fixed: ['createdAt'],
});
