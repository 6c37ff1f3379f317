import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { ApiKeyRow } from '../../../shared/contract/api-keys';
import type { AnswerOf, Contract } from '../../../shared/contract/index';
import { useCanWrite } from '../api/app-state';
import { call } from '../api/client';
import type { RowAction } from '../lists/row-menu';
import { useRowBasics, useRowEditing } from '../records/use-row-editing';
import { EditApiKey } from './edit-api-key';
import { keyName } from './key-name';
import { refusedPath } from './refused-path';
import { isEnded, reviewApiKeys, reviewDeletion, reviewRevocation } from './review-api-keys';
import { RotateApiKey } from './rotate-api-key';
import { useRotationObstacle } from './rotation-obstacle';

type ApiKey = AnswerOf<Contract['apiKeys']['get']>;

/** What can be done with one key of a list, and the panel in which that key is edited beside it. */
export function useApiKeyRowActions(): {
  readonly actions: (row: ApiKeyRow) => readonly RowAction[];
  readonly panel: ReactElement | null;
} {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const obstacle = useCanWrite() ? undefined : t('apiKeys.edit.readOnly');
  const ending = ({ state }: ApiKeyRow): string | undefined =>
    obstacle ?? (state === 'revoked' ? t('apiKeys.edit.isRevoked') : undefined);
  const basics = useRowBasics('api-keys');
  const editing = useRowEditing<ApiKey>({
    read: (id) => call('apiKeys', 'get', { id }),
    panel: (apiKey, open, onClose) => <EditApiKey apiKey={apiKey} open={open} onClose={onClose} />,
  });
  const rotationObstacle = useRotationObstacle();
  const rotating = useRowEditing<ApiKey>({
    read: (id) => call('apiKeys', 'get', { id }),
    panel: (apiKey, open, onClose) => <RotateApiKey apiKey={apiKey} open={open} onClose={onClose} />,
  });
  const switchActive = (row: ApiKeyRow): void => {
    const { id, version, isActive } = row;
    reviewApiKeys({
      targets: { selected: [{ id, version }] },
      changes: { isActive: !isActive },
      title: t(isActive ? 'apiKeys.edit.blockTitle' : 'apiKeys.edit.unblockTitle', { name: keyName(row) }),
      rows: new Map([[id, row]]),
    });
  };
  const revoke = (row: ApiKeyRow): void =>
    reviewRevocation(
      { selected: [{ id: row.id, version: row.version }] },
      { title: t('apiKeys.edit.revokeTitle', { name: keyName(row) }) },
    );
  const remove = (row: ApiKeyRow): void =>
    reviewDeletion(
      { selected: [{ id: row.id, version: row.version }] },
      { title: t('edit.deleteTitle', { name: keyName(row) }) },
    );
  return {
    actions: (row) => {
      const { open, copyId } = basics(row.id, keyName(row));
      return [
        open,
        { id: 'edit', label: t('edit.row.edit'), run: () => editing.edit(row.id), obstacle },
        {
          id: 'switchActive',
          label: t(row.isActive ? 'apiKeys.edit.blockEllipsis' : 'apiKeys.edit.unblockEllipsis'),
          run: () => switchActive(row),
          obstacle: ending(row),
        },
        {
          id: 'rotate',
          label: t('apiKeys.rotate.button'),
          run: () => rotating.edit(row.id),
          obstacle: rotationObstacle(row),
        },
        {
          id: 'revoke',
          label: t('apiKeys.edit.revokeEllipsis'),
          run: () => revoke(row),
          obstacle: ending(row),
        },
        {
          id: 'delete',
          label: t('edit.row.delete'),
          run: () => remove(row),
          obstacle: obstacle ?? (isEnded(row) ? undefined : t('apiKeys.edit.isLive')),
        },
        {
          id: 'whyRefused',
          label: t('apiKeys.refused.link'),
          run: () => void navigate(refusedPath(row.id)),
        },
        copyId,
      ];
    },
    panel: (
      <>
        {editing.panel}
        {rotating.panel}
      </>
    ),
  };
}
