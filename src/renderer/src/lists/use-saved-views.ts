import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation, useNavigationType } from 'react-router';
import { useWorkspace } from '../api/app-state';
import type { FilterCodecs } from './list-url';
import { notify } from '../ui/notifications';
import {
  opensAnew,
  readViews,
  renamed,
  storeViews,
  withoutView,
  withView,
  type SavedView,
  type SavedViews,
} from './saved-views';
import type { ColumnLayout } from './stored-columns';
import type { Columns } from './use-column-layout';
import type { ListState } from './use-list-state';
import type { BackState } from '../ui/use-row-return';

export interface ViewsHandle {
  readonly saved: SavedViews;
  /** The view that the list shows as it was saved. */
  readonly current: SavedView | null;
  /** Saves what the list shows now. False where it could not be kept. */
  save(name: string): boolean;
  apply(view: SavedView): void;
  rename(from: string, to: string): void;
  remove(name: string): void;
  /** Null: none. */
  setDefault(name: string | null): void;
}

/** The address key at which a list was opened last, by workspace and list: it outlives the list's own component. */
const openedAt = new Map<string, string>();

/**
 * The views of a list in the open workspace. The default one is applied once when the list opens anew with an address
 * that says nothing of its own; coming back to a list that was cleared leaves it cleared.
 */
export function useSavedViews<Field extends string, Filters extends FilterCodecs>(
  name: string,
  list: ListState<Field, Filters>,
  columns: Pick<Columns<unknown>, 'layout' | 'isArranged' | 'apply'>,
): ViewsHandle {
  const { t } = useTranslation();
  const workspaceId = useWorkspace()?.id ?? '';
  const [saved, setSaved] = useState(() => readViews(workspaceId, name));
  const layout = columns.isArranged ? columns.layout : null;

  const apply = (view: SavedView): void => {
    columns.apply(view.layout);
    list.applyOwnParams(view.params);
  };
  const store = (next: SavedViews): boolean => {
    setSaved(next);
    const isKept = storeViews(workspaceId, name, next);
    if (!isKept) notify('error', t('lists.views.notKept'));
    return isKept;
  };

  const navigation: string = useNavigationType();
  const location = useLocation();
  const { key } = location;
  const applyDefault = useRef(() => {
    const openedList = `${workspaceId} ${name}`;
    const isBack = (location.state as Partial<BackState> | null)?.isBack === true;
    const isNew = opensAnew({ navigation, key, isBack }, openedAt.get(openedList));
    openedAt.set(openedList, key);
    if (!isNew) return;
    const view = saved.views.find((one) => one.name === saved.defaultName);
    if (view !== undefined && list.ownParams === '') apply(view);
  });
  useEffect(() => applyDefault.current(), []);

  return {
    saved,
    current:
      saved.views.find((view) => view.params === list.ownParams && isSameLayout(view.layout, layout)) ?? null,
    apply,
    save(viewName) {
      const isKept = store(withView(saved, { name: viewName, params: list.ownParams, layout }));
      if (isKept) notify('success', t('lists.views.saved', { name: viewName.trim() }));
      return isKept;
    },
    rename: (from, to) => void store(renamed(saved, from, to)),
    remove: (viewName) => void store(withoutView(saved, viewName)),
    setDefault: (defaultName) => void store({ ...saved, defaultName }),
  };
}

function isSameLayout(one: ColumnLayout | null, other: ColumnLayout | null): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
