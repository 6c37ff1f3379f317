import type { GridApi } from '@mui/x-data-grid';
import { useEffect, useRef, useState, type RefObject } from 'react';
import { useLocation, useNavigationType } from 'react-router';

/** The row that was opened last, by list. */
const opened = new Map<string, string>();

/** Where to come back to: {@link useRowReturn}. */
export function rememberRow(list: string, rowId: string): void {
  opened.set(list, rowId);
}

/** State of a link that leads back from a record to its list. */
export interface BackState {
  readonly isBack: true;
}

/**
 * Puts the focus on the row a person came back from, by the browser's Back or by a link with {@link BackState}, so
 * that the keyboard goes on where it left. A row that is no longer on the page leaves the focus alone.
 */
export function useRowReturn(
  list: string,
  rowIds: readonly string[],
  firstField: string | undefined,
  grid: RefObject<GridApi | null>,
): void {
  const navigation: string = useNavigationType();
  const state = useLocation().state as Partial<BackState> | null;
  // As it was when the list appeared: opening a row from here must not count as a return to it.
  const [rowId] = useState(() =>
    navigation === 'POP' || state?.isBack === true ? opened.get(list) : undefined,
  );
  const isDone = useRef(false);
  const isThere = rowId !== undefined && rowIds.includes(rowId);
  useEffect(() => {
    if (isDone.current || !isThere || firstField === undefined) return;
    isDone.current = true;
    grid.current?.setCellFocus(rowId, firstField);
  }, [isThere, firstField, rowId, grid]);
}
