import { useMemo, useState } from 'react';
import { inOrder, readColumnLayout, storeColumnLayout, type ColumnLayout } from './stored-columns';

interface ArrangedColumn {
  readonly field: string;
  /** Hidden until the person asks for it. */
  readonly initiallyHidden?: boolean;
}

export interface Columns<Column> {
  /** All of them from left to right, hidden ones too. */
  readonly columns: readonly Column[];
  readonly layout: ColumnLayout;
  /** True when it is not how the list has it. */
  readonly isArranged: boolean;
  toggle(field: string): void;
  /** One place to the left (-1) or to the right (1). */
  move(field: string, by: -1 | 1): void;
  setWidth(field: string, pixels: number): void;
  /** Takes over a whole arrangement; null is the list's own. */
  apply(layout: ColumnLayout | null): void;
}

/** Which columns of a list are shown, in which order and how wide; remembered under the list's name. */
export function useColumnLayout<Column extends ArrangedColumn>(
  name: string,
  own: readonly Column[],
): Columns<Column> {
  const [chosen, setChosen] = useState(() => readColumnLayout(name));
  const initial = useMemo(
    (): ColumnLayout => ({
      hidden: own.filter(({ initiallyHidden }) => initiallyHidden === true).map(({ field }) => field),
      order: [],
      widths: {},
    }),
    [own],
  );
  const layout = chosen ?? initial;
  const { order } = layout;
  const columns = useMemo(() => inOrder(own, order), [own, order]);
  const apply = (next: ColumnLayout | null): void => {
    setChosen(next);
    storeColumnLayout(name, next);
  };
  return {
    columns,
    layout,
    isArranged: chosen !== null,
    apply,
    toggle(field) {
      const { hidden } = layout;
      const next = hidden.includes(field) ? hidden.filter((other) => other !== field) : [...hidden, field];
      apply({ ...layout, hidden: next });
    },
    move(field, by) {
      const fields = columns.map((column) => column.field);
      const place = fields.indexOf(field);
      const target = place + by;
      if (place < 0 || target < 0 || target >= fields.length) return;
      apply({ ...layout, order: fields.toSpliced(place, 1).toSpliced(target, 0, field) });
    },
    setWidth(field, pixels) {
      apply({ ...layout, widths: { ...layout.widths, [field]: Math.round(pixels) } });
    },
  };
}
