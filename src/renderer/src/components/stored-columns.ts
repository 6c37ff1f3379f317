const keyOf = (name: string): string => `litemaas.columns.${name}`;

/** Columns the person hid in a list; null when nothing was chosen yet. */
export function readHiddenColumns(name: string): ReadonlySet<string> | null {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(keyOf(name)) ?? 'null');
    return Array.isArray(stored) ? new Set(stored.filter((field) => typeof field === 'string')) : null;
  } catch {
    return null;
  }
}

export function storeHiddenColumns(name: string, hidden: ReadonlySet<string>): void {
  try {
    localStorage.setItem(keyOf(name), JSON.stringify([...hidden]));
  } catch {
    // A full or forbidden store only means the choice is not remembered.
  }
}
