import { mayHoldKey } from './may-hold-key';
import { toColumnLayout, type ColumnLayout } from './stored-columns';

/** A list as a person wants to see it again: search, filters and order as the address has them, and the columns. */
export interface SavedView {
  readonly name: string;
  /** URL search parameters without the page. */
  readonly params: string;
  readonly layout: ColumnLayout | null;
}

export interface SavedViews {
  /** In the order of their names. */
  readonly views: readonly SavedView[];
  /** The one that shows when the list is opened without an order, search or filter. */
  readonly defaultName: string | null;
}

export const longestViewName = 60;
const noViews: SavedViews = { views: [], defaultName: null };

const keyOf = (workspaceId: string, list: string): string => `litemaas.views.${workspaceId}.${list}`;

/** The views saved for a list in a workspace, in this browser or window. */
export function readViews(workspaceId: string, list: string): SavedViews {
  try {
    return toSavedViews(JSON.parse(localStorage.getItem(keyOf(workspaceId, list)) ?? 'null'));
  } catch {
    return noViews;
  }
}

/** @returns false where the store is full or forbidden. */
export function storeViews(workspaceId: string, list: string, saved: SavedViews): boolean {
  try {
    localStorage.setItem(keyOf(workspaceId, list), JSON.stringify(saved));
    return true;
  } catch {
    return false;
  }
}

/** Reads what a store holds; what is no view is left out. */
export function toSavedViews(stored: unknown): SavedViews {
  if (typeof stored !== 'object' || stored === null) return noViews;
  const { views, defaultName } = stored as Partial<Record<string, unknown>>;
  const read = (Array.isArray(views) ? views : []).flatMap((view: unknown): SavedView[] => {
    if (typeof view !== 'object' || view === null) return [];
    const { name, params, layout } = view as Partial<Record<string, unknown>>;
    if (typeof name !== 'string' || name === '' || typeof params !== 'string') return [];
    return [{ name, params: withoutKeys(params), layout: toColumnLayout(layout) }];
  });
  const isThere = read.some(({ name }) => name === defaultName);
  return { views: read, defaultName: isThere ? (defaultName as string) : null };
}

/** Adds a view, or replaces the one of that name. Nothing that looks like a key is taken along. */
export function withView(saved: SavedViews, view: SavedView): SavedViews {
  const name = view.name.trim().slice(0, longestViewName);
  const others = saved.views.filter((other) => other.name !== name);
  const views = [...others, { ...view, name, params: withoutKeys(view.params) }];
  return { ...saved, views: views.sort((one, other) => one.name.localeCompare(other.name)) };
}

export function withoutView({ views, defaultName }: SavedViews, name: string): SavedViews {
  return {
    views: views.filter((view) => view.name !== name),
    defaultName: defaultName === name ? null : defaultName,
  };
}

/** Gives a view another name; one that has it already is replaced. */
export function renamed(saved: SavedViews, from: string, to: string): SavedViews {
  const view = saved.views.find(({ name }) => name === from);
  const name = to.trim().slice(0, longestViewName);
  if (view === undefined || name === '' || name === from) return saved;
  const next = withView(withoutView(saved, from), { ...view, name });
  return saved.defaultName === from ? { ...next, defaultName: name } : next;
}

/** How a person came to a list. */
export interface Visit {
  /** The router's navigation type. */
  readonly navigation: string;
  /** Of the history entry; the router calls an address that was typed or opened "default". */
  readonly key: string;
  /** By the link from a record to its list. */
  readonly isBack: boolean;
}

/**
 * Whether a list is opened anew, and not come back to, reloaded or drawn once more.
 * @param lastKey Of the visit before; undefined where there was none since the page was loaded.
 */
export function opensAnew({ navigation, key, isBack }: Visit, lastKey: string | undefined): boolean {
  if (key === 'default') return true;
  return navigation === 'PUSH' && key !== lastKey && !(isBack && lastKey !== undefined);
}

/** A saved search never holds a key, nor the beginning of one. */
function withoutKeys(params: string): string {
  const kept = [...new URLSearchParams(params)].filter(([, value]) => !mayHoldKey(value));
  return new URLSearchParams(kept).toString();
}
