import { Button } from '@mui/material';
import { useState, type ReactElement, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { mostSelectedRecords } from '../../../shared/contract/changes';
import { useCanWrite } from '../api/app-state';
import { BulkNotes } from '../lists/bulk-notes';
import type { RowSelection } from '../lists/use-row-selection';
import { formatCount } from '../ui/format';
import { usePageAction } from '../ui/page-actions';

interface VersionedRow {
  readonly id: string;
  readonly version: string;
}

/** What a change of several records is about, as they were when it was begun. */
interface BulkTargets<Row extends VersionedRow, Filter> {
  readonly targets: { readonly filter: Filter } | { readonly selected: VersionedRow[] };
  readonly count: number;
  /** Those that were seen; none where a filter finds them. */
  readonly rows: ReadonlyMap<string, Row>;
}

/** How many there are, for a text. */
interface Counted {
  readonly count: number;
  readonly formatted: string;
}

/** What a list offers for several records needs to know. */
interface BulkOffer<Row extends VersionedRow, Filter> {
  /** Why it can't be done, where it can't. */
  readonly notes: ReactNode;
  readonly isAllowed: boolean;
  /** Something is selected, too. */
  readonly isPossible: boolean;
  readonly counted: Counted;
  readonly those: () => BulkTargets<Row, Filter>;
}

/**
 * Which records a change of several is about, and whether it can be made.
 * @param filter what the list is narrowed to, for all that match.
 */
export function useBulkTargets<Row extends VersionedRow, Filter>(
  { scope, rows, count }: RowSelection<Row>,
  filter: Filter,
): BulkOffer<Row, Filter> {
  const canWrite = useCanWrite();
  const areTooMany = scope === 'rows' && rows.size > mostSelectedRecords;
  const isAllowed = canWrite && !areTooMany;
  return {
    notes: <BulkNotes canWrite={canWrite} areTooMany={areTooMany} />,
    isAllowed,
    isPossible: isAllowed && scope !== 'none',
    counted: { count, formatted: formatCount(count) },
    those: () => ({
      targets:
        scope === 'matching'
          ? { filter }
          : { selected: [...rows.values()].map(({ id, version }) => ({ id, version })) },
      count,
      rows,
    }),
  };
}

interface BulkChanges<Row extends VersionedRow, Filter> {
  /** What the buttons say where records are not deleted, deactivated and reactivated. */
  readonly words?: { readonly end: string; readonly off: string; readonly on: string };
  readonly onSwitch: (isActive: boolean, of: BulkTargets<Row, Filter>, counted: Counted) => void;
  readonly onDelete: (of: BulkTargets<Row, Filter>, counted: Counted) => void;
  /** What ends records for good besides, first in the bar. */
  readonly more?: readonly {
    readonly label: string;
    readonly run: (of: BulkTargets<Row, Filter>, counted: Counted) => void;
  }[];
  /** The panel in which several are edited; NULL: closed. */
  readonly panel: (edited: BulkTargets<Row, Filter> | null, onClose: () => void) => ReactElement;
}

/**
 * What can be done with several records at once; in a read-only workspace it is shown why it can't.
 * @param filter what the list is narrowed to, for all that match.
 */
export function useBulkActions<Row extends VersionedRow, Filter>(
  selection: RowSelection<Row>,
  filter: Filter,
  { words, onSwitch, onDelete, more = [], panel }: BulkChanges<Row, Filter>,
): { readonly actions: ReactNode; readonly panel: ReactElement } {
  const { t } = useTranslation();
  const [edited, setEdited] = useState<BulkTargets<Row, Filter> | null>(null);
  const { notes, isAllowed, isPossible, counted, those } = useBulkTargets(selection, filter);
  const deactivate = (): void => onSwitch(false, those(), counted);
  const reactivate = (): void => onSwitch(true, those(), counted);
  const edit = (): void => setEdited(those());
  usePageAction('deactivateSelected', isPossible ? deactivate : undefined);
  usePageAction('reactivateSelected', isPossible ? reactivate : undefined);
  usePageAction('editSelected', isPossible ? edit : undefined);
  return {
    panel: panel(edited, () => setEdited(null)),
    actions: (
      <>
        {notes}
        {more.map(({ label, run }) => (
          <Button
            key={label}
            size="small"
            color="error"
            disabled={!isAllowed}
            onClick={() => run(those(), counted)}
          >
            {label}
          </Button>
        ))}
        <Button size="small" color="error" disabled={!isAllowed} onClick={() => onDelete(those(), counted)}>
          {words?.end ?? t('edit.delete')}
        </Button>
        <Button size="small" disabled={!isAllowed} onClick={reactivate}>
          {words?.on ?? t('edit.reactivate')}
        </Button>
        <Button size="small" disabled={!isAllowed} onClick={deactivate}>
          {words?.off ?? t('edit.deactivate')}
        </Button>
        <Button size="small" variant="contained" disabled={!isAllowed} onClick={edit}>
          {t('edit.bulk.edit')}
        </Button>
      </>
    ),
  };
}
