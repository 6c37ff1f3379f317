import { recordTable } from '../changes/record-table';
import { users } from '../postgres/schema';

/** Users as changes read and write them. */
export const usersRecord = recordTable(users, {
  kind: 'user',
  resourceType: 'USER',
  relation: 'users',
  idType: 'uuid',
  label: 'username',
  editable: [
    'username',
    'email',
    'fullName',
    'roles',
    'isActive',
    'maxBudget',
    'tpmLimit',
    'rpmLimit',
    'oauthProvider',
    'oauthId',
  ],
  fixed: ['createdAt'],
});
