import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { KeyExposure } from '../../../shared/records/api-keys';
import { useCanWrite } from '../api/app-state';
import { ActionButton } from '../forms/action-button';
import { formatCount } from '../ui/format';
import { type BulkApiKeys, BulkEditApiKeys } from './bulk-edit-api-keys';
import { type ApiKeyTargets, reviewApiKeys } from './review-api-keys';

interface ExposureRemedyProps {
  readonly exposure: KeyExposure;
  /** What the list is narrowed to: the remedy is for all of it. */
  readonly filter: Extract<ApiKeyTargets, { filter: unknown }>['filter'];
  readonly count: number;
}

/** What mends all keys of a finding at once, after a review. */
export function ExposureRemedy({ exposure, filter, count }: ExposureRemedyProps): ReactElement {
  const { t } = useTranslation();
  const obstacle = useCanWrite() ? undefined : t('apiKeys.edit.readOnly');
  const [edited, setEdited] = useState<BulkApiKeys | null>(null);
  const targets = { filter };
  const isMendedByBlocking =
    exposure === 'never_used' ||
    exposure === 'unused' ||
    exposure === 'owner_inactive' ||
    exposure === 'seen_in_audit';
  if (isMendedByBlocking) {
    const title = t('apiKeys.bulk.blockTitle', { count, formatted: formatCount(count) });
    const block = (): void =>
      reviewApiKeys({ targets, changes: { isActive: false }, rows: new Map(), title });
    return (
      <ActionButton variant="contained" onClick={block} obstacle={obstacle}>
        {t('apiKeys.exposure.block')}
      </ActionButton>
    );
  }
  return (
    <>
      <ActionButton
        variant="contained"
        onClick={() => setEdited({ targets, count, rows: new Map() })}
        obstacle={obstacle}
      >
        {t(`apiKeys.exposure.edit.${exposure}`)}
      </ActionButton>
      <BulkEditApiKeys apiKeys={edited} onClose={() => setEdited(null)} onDone={() => setEdited(null)} />
    </>
  );
}
