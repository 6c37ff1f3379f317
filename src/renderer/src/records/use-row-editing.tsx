import { Fragment, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { toApiError } from '../api/api-error';
import type { RowAction } from '../lists/row-menu';
import { notify } from '../ui/notifications';
import { recordPath } from './record-link';

interface Versioned {
  readonly id: string;
  readonly version: string;
}

interface RowEditing<Full extends Versioned> {
  /** As it is now: a list may have been read a while ago. */
  readonly read: (id: string) => Promise<Full>;
  /** The panel in which it is edited, beside the list. */
  readonly panel: (record: Full, open: boolean, onClose: () => void) => ReactElement;
}

/** Edits a record of a list without leaving the list. */
export function useRowEditing<Full extends Versioned>({
  read,
  panel,
}: RowEditing<Full>): {
  readonly edit: (id: string) => void;
  readonly panel: ReactElement | null;
} {
  const [edited, setEdited] = useState<Full | null>(null);
  const [isEditing, setIsEditing] = useState(false);
  return {
    edit: (id) => {
      read(id).then(
        (record) => {
          setEdited(record);
          setIsEditing(true);
        },
        (error: unknown) => notify('error', toApiError(error).message),
      );
    },
    panel:
      edited === null ? null : (
        // One panel per record and version: another one begins anew.
        <Fragment key={`${edited.id} ${edited.version}`}>
          {panel(edited, isEditing, () => setIsEditing(false))}
        </Fragment>
      ),
  };
}

/** What every row of a list offers: to open its record, and to copy its id. */
export function useRowBasics(
  area: Parameters<typeof recordPath>[0],
): (id: string, name: string) => { readonly open: RowAction; readonly copyId: RowAction } {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const copy = (id: string, name: string): void => {
    navigator.clipboard.writeText(id).then(
      () => notify('success', t('edit.row.idCopied', { name })),
      () => notify('error', t('common.copyFailed')),
    );
  };
  return (id, name) => ({
    open: { id: 'open', label: t('edit.row.open'), run: () => void navigate(recordPath(area, id)) },
    copyId: { id: 'copyId', label: t('edit.row.copyId'), run: () => copy(id, name) },
  });
}
