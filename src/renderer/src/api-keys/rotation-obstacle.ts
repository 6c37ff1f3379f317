import { useTranslation } from 'react-i18next';
import type { ApiKeyRow } from '../../../shared/contract/api-keys';
import { useCanWrite, useWorkspace } from '../api/app-state';

/** Why a key cannot be rotated now; undefined where it can. */
export function useRotationObstacle(): (key: Pick<ApiKeyRow, 'state'>) => string | undefined {
  const { t } = useTranslation();
  const canWrite = useCanWrite();
  const isLinked = useWorkspace()?.litellmLinked === true;
  return ({ state }) => {
    if (!canWrite) return t('apiKeys.edit.readOnly');
    if (!isLinked) return t('apiKeys.rotate.notLinked');
    return state === 'active' ? undefined : t('apiKeys.rotate.notActive');
  };
}
