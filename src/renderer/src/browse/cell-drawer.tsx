import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Cell, ResultColumn } from '../../../shared/contract/browse';
import { useProcedureQuery } from '../api/use-procedure';
import { ValueDrawer } from '../lists/value-drawer';
import type { Relation } from './relation-screen';

export interface OpenedCell {
  readonly column: ResultColumn;
  readonly cell: Cell;
  /** Names the row; NULL where it can't be named. */
  readonly key: string | null;
}

interface CellDrawerProps {
  readonly relation: Relation;
  readonly opened: OpenedCell | null;
  readonly onClose: () => void;
}

/** One value of a row; what was cut for the list is read whole now. */
export function CellDrawer({ relation, opened, onClose }: CellDrawerProps): ReactElement {
  const { t } = useTranslation();
  const isCut = opened?.cell.bytes !== undefined;
  const key = opened?.key ?? null;
  const whole = useProcedureQuery(
    'browse',
    'cell',
    { schema: relation.schema, relation: relation.name, column: opened?.column.name ?? '', key: key ?? '' },
    { enabled: isCut && key !== null, staleTimeMs: 0 },
  );
  const isRead = isCut && key !== null;
  return (
    <ValueDrawer
      shown={
        opened === null
          ? null
          : {
              column: opened.column.name,
              type: opened.column.type,
              cell: isRead ? (whole.data ?? opened.cell) : opened.cell,
              bytes: opened.cell.bytes,
              isLoading: isRead && whole.data === undefined,
              error: isRead && whole.data === undefined ? whole.error : null,
              onRetry: () => void whole.refetch(),
              ...(key === null ? { cutBecause: t('browse.value.onlyBeginning') } : {}),
            }
      }
      onClose={onClose}
    />
  );
}
