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

function wordAt({ state }: EditorView, position: number): { from: number; to: number } | null {
  if (state.doc.length === 0) return null;
  const at = Math.min(Math.max(position, 0), state.doc.length - 1);
  const word = state.wordAt(at);
  // Past the end ("syntax error at end of input") the last character is marked.
  return word !== null && word.to > at ? { from: at, to: word.to } : { from: at, to: at + 1 };
}
