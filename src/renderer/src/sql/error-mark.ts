import { StateEffect, StateField } from '@codemirror/state';
import { Decoration, type DecorationSet, EditorView } from '@codemirror/view';

const mark = Decoration.mark({ class: 'cm-errorMark', attributes: { 'aria-invalid': 'true' } });

/** Marks a place, or with null none. */
const setMark = StateEffect.define<{ readonly from: number; readonly to: number } | null>();

/** The place where PostgreSQL refused the statement, until the statement changes. */
export const errorMark: StateField<DecorationSet> = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, { docChanged, effects }) {
    for (const effect of effects) {
      if (effect.is(setMark))
        return effect.value === null
          ? Decoration.none
          : Decoration.set(mark.range(effect.value.from, effect.value.to));
    }
    return docChanged ? Decoration.none : marks;
  },
  provide: (field) => EditorView.decorations.from(field),
});

/** Marks the word at `position` (UTF-16 units from 0 on), or nothing when null. */
export function showErrorAt(view: EditorView, position: number | null): void {
  view.dispatch({ effects: setMark.of(position === null ? null : wordAt(view, position)) });
}

/** The name there with its qualifiers (`l.user_id`), else one character. */
function wordAt({ state: { doc } }: EditorView, position: number): { from: number; to: number } | null {
  if (doc.length === 0) return null;
  // Past the end ("syntax error at end of input") the last character is marked.
  const from = Math.min(Math.max(position, 0), doc.length - 1);
  const rest = doc.sliceString(from, doc.lineAt(from).to);
  const length = /^[\p{L}\p{N}_$."]+/u.exec(rest)?.[0].length ?? 1;
  return { from, to: from + length };
}
