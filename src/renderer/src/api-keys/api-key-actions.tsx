import { Button } from '@mui/material';
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import type { AnswerOf, Contract } from '../../../shared/contract/index';
import { useWorkspace } from '../api/app-state';
import { ActionButton } from '../forms/action-button';
import { useEditWish } from '../records/use-edit-wish';
import { showReview } from '../review/review-store';
import { usePageAction } from '../ui/page-actions';
import { EditApiKey, type EditedKeyField, isEditedKeyField } from './edit-api-key';
import { keyName } from './key-name';
import { refusedPath } from './refused-path';
import { isEnded, reviewDeletion, reviewRevocation } from './review-api-keys';
import { RotateApiKey } from './rotate-api-key';
import { useRotationObstacle } from './rotation-obstacle';

type ApiKey = AnswerOf<Contract['apiKeys']['get']>;

/**
 * What can be done with a key: edit, block, unblock, rotate, revoke; delete, once it is revoked. Where it can't be done it
 * says why.
 */
export function ApiKeyActions({ apiKey }: { readonly apiKey: ApiKey }): ReactElement {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const mayWrite = useWorkspace()?.access === 'administer';
  const [isEditing, setIsEditing] = useState(false);
  const [isRotating, setIsRotating] = useState(false);
  const rotationObstacle = useRotationObstacle()(apiKey);
  const [field, setField] = useState<EditedKeyField>();
  const { id, version, isActive, state } = apiKey;
  const isRevoked = state === 'revoked';
  const maySwitch = mayWrite && !isRevoked;
  const targets = { selected: [{ id, version }] };
  const name = keyName(apiKey);
  const edit = (at?: EditedKeyField): void => {
    setField(at);
    setIsEditing(true);
  };
  const switchActive = (): void =>
    showReview({
      request: {
        area: 'apiKeys',
        procedure: 'previewUpdate',
        input: { targets, changes: { isActive: !isActive } },
      },
      title: t(isActive ? 'apiKeys.edit.blockTitle' : 'apiKeys.edit.unblockTitle', { name }),
    });
  const revoke = (): void => reviewRevocation(targets, { title: t('apiKeys.edit.revokeTitle', { name }) });
  const remove = (): void =>
    reviewDeletion(targets, {
      title: t('edit.deleteTitle', { name }),
      onDone: () => void navigate('/api-keys'),
    });
  useEditWish(mayWrite, (wished) => {
    if (isEditedKeyField(wished)) edit(wished);
    else if (wished === 'isActive' && maySwitch) switchActive();
  });
  usePageAction('editApiKey', mayWrite ? () => edit() : undefined);
  usePageAction('blockApiKey', maySwitch && isActive ? switchActive : undefined);
  usePageAction('unblockApiKey', maySwitch && !isActive ? switchActive : undefined);
  usePageAction('rotateApiKey', rotationObstacle === undefined ? () => setIsRotating(true) : undefined);
  usePageAction('revokeApiKey', maySwitch ? revoke : undefined);
  usePageAction('deleteApiKey', mayWrite && isEnded(apiKey) ? remove : undefined);
  const readOnly = mayWrite ? undefined : t('apiKeys.edit.readOnly');
  const obstacle = readOnly ?? (isRevoked ? t('apiKeys.edit.isRevoked') : undefined);
  return (
    <>
      <Button component={Link} to={refusedPath(id)}>
        {t('apiKeys.refused.link')}
      </Button>
      {isRevoked ? (
        <ActionButton color="error" onClick={remove} obstacle={readOnly}>
          {t('edit.delete')}
        </ActionButton>
      ) : (
        <ActionButton color="error" onClick={revoke} obstacle={readOnly}>
          {t('apiKeys.edit.revoke')}
        </ActionButton>
      )}
      <ActionButton onClick={() => setIsRotating(true)} obstacle={rotationObstacle}>
        {t('apiKeys.rotate.button')}
      </ActionButton>
      <ActionButton onClick={switchActive} obstacle={obstacle}>
        {t(isActive ? 'apiKeys.edit.block' : 'apiKeys.edit.unblock')}
      </ActionButton>
      <ActionButton variant="contained" obstacle={readOnly} onClick={() => edit()}>
        {t('edit.button')}
      </ActionButton>
      <RotateApiKey apiKey={apiKey} open={isRotating} onClose={() => setIsRotating(false)} />
      <EditApiKey apiKey={apiKey} open={isEditing} field={field} onClose={() => setIsEditing(false)} />
    </>
  );
}
