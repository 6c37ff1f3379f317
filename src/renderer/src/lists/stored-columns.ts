/** How a person arranged a list's columns. Fields that are named nowhere stand as the list has them. */
export interface ColumnLayout {
  readonly hidden: readonly string[];
  /** Fields from left to right. */
  readonly order: readonly string[];
  /** Pixels by field, of columns that were made wider or narrower. */
  readonly widths: Readonly<Record<string, number>>;
}

const keyOf = (name: string): string => `litemaas.columns.${name}`;

/** What was chosen for a list; null when nothing was chosen yet. */
export function readColumnLayout(name: string): ColumnLayout | null {
  try {
    return toColumnLayout(JSON.parse(localStorage.getItem(keyOf(name)) ?? 'null'));
  } catch {
    return null;
  }
}

/** Null forgets the choice. */
export function storeColumnLayout(name: string, layout: ColumnLayout | null): void {
  try {
    if (layout === null) localStorage.removeItem(keyOf(name));
    else localStorage.setItem(keyOf(name), JSON.stringify(layout));
  } catch {
    // A full or forbidden store only means the choice is not remembered.
  }
}

/** Reads what a store holds, an earlier version's list of hidden fields too; null for anything else. */
export function toColumnLayout(stored: unknown): ColumnLayout | null {
  if (Array.isArray(stored)) return { hidden: texts(stored), order: [], widths: {} };
  if (typeof stored !== 'object' || stored === null) return null;
  const { hidden, order, widths } = stored as Partial<Record<string, unknown>>;
  const pixels = Object.entries(typeof widths === 'object' && widths !== null ? widths : {}).filter(
    (entry): entry is [string, number] => typeof entry[1] === 'number' && entry[1] >= 40 && entry[1] <= 2_000,
  );
  return { hidden: texts(hidden), order: texts(order), widths: Object.fromEntries(pixels) };
}

function texts(stored: unknown): string[] {
  return Array.isArray(stored) ? stored.filter((field) => typeof field === 'string') : [];
}

/** The given columns from left to right: chosen ones as chosen, others where the list has them. */
export function inOrder<Column extends { readonly field: string }>(
  columns: readonly Column[],
  order: readonly string[],
): readonly Column[] {
  const chosen = order.flatMap((field) => columns.find((column) => column.field === field) ?? []);
  const others = columns.filter(({ field }) => !order.includes(field));
  return others.reduce<readonly Column[]>(
    (placed, column) => placed.toSpliced(columns.indexOf(column), 0, column),
    chosen,
  );
}

/** Columns the person hid in a list; null when nothing was chosen yet. */
export function readHiddenColumns(name: string): ReadonlySet<string> | null {
  const layout = readColumnLayout(name);
  return layout === null ? null : new Set(layout.hidden);
}

export function storeHiddenColumns(name: string, hidden: ReadonlySet<string>): void {
  const { order, widths } = readColumnLayout(name) ?? { order: [], widths: {} };
  storeColumnLayout(name, { hidden: [...hidden], order, widths });
}
