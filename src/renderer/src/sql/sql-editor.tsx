import { EditorState } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { Box } from '@mui/material';
import { useEffect, useImperativeHandle, useRef, type ReactElement, type Ref } from 'react';
import type { FindNames } from './completion';
import { editorExtensions } from './editor-extensions';
import { showErrorAt } from './error-mark';

/** What the screen does with the editor besides listening to it. */
export interface SqlEditorHandle {
  /** What would run: the selection, else all of it; `offset` is where it begins. */
  statement(): { readonly text: string; readonly offset: number };
  /** Replaces the text; Undo brings the former back. */
  setText(text: string): void;
  /** Marks the word at this place, from 0 on; null takes the mark away. */
  markError(position: number | null): void;
  /** Puts the caret there and takes the focus. */
  goTo(position: number): void;
  focus(): void;
}

interface SqlEditorProps {
  readonly ref: Ref<SqlEditorHandle>;
  readonly initialText: string;
  readonly label: string;
  readonly describedBy: string;
  readonly placeholder: string;
  readonly onRun: () => void;
  readonly onChange: (text: string) => void;
  readonly findNames: FindNames;
}

/** The editor of a statement. It keeps its own text; the screen asks for it when it runs. */
export function SqlEditor(props: SqlEditorProps): ReactElement {
  const { ref, initialText, label, describedBy, placeholder } = props;
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  // The editor lives longer than one render's callbacks.
  const latest = useRef(props);
  useEffect(() => {
    latest.current = props;
  });
  useEffect(() => {
    if (host.current === null) return undefined;
    const created = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: initialText,
        selection: { anchor: initialText.length },
        extensions: editorExtensions({
          label,
          describedBy,
          placeholder,
          onRun: () => latest.current.onRun(),
          onChange: (text) => latest.current.onChange(text),
          findNames: (typed, signal) => latest.current.findNames(typed, signal),
        }),
      }),
    });
    view.current = created;
    return () => {
      view.current = null;
      created.destroy();
    };
    // Made once: its text must outlive every render.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);
  useImperativeHandle(
    ref,
    () => ({
      statement() {
        if (view.current === null) return { text: '', offset: 0 };
        const { doc, selection } = view.current.state;
        const { from, to } = selection.main;
        const selected = doc.sliceString(from, to);
        return selected.trim() === ''
          ? { text: doc.toString(), offset: 0 }
          : { text: selected, offset: from };
      },
      setText(text) {
        view.current?.dispatch({
          changes: { from: 0, to: view.current.state.doc.length, insert: text },
          selection: { anchor: text.length },
        });
      },
      markError(position) {
        if (view.current !== null) showErrorAt(view.current, position);
      },
      goTo(position) {
        if (view.current === null) return;
        const anchor = Math.min(position, view.current.state.doc.length);
        view.current.dispatch({ selection: { anchor }, scrollIntoView: true });
        view.current.focus();
      },
      focus: () => view.current?.focus(),
    }),
    [],
  );
  return (
    <Box
      ref={host}
      sx={({ vars }) => ({
        height: 190,
        minHeight: 96,
        maxHeight: '70vh',
        resize: 'vertical',
        overflow: 'hidden',
        borderTopLeftRadius: 'inherit',
        borderTopRightRadius: 'inherit',
        '&:focus-within': { boxShadow: `inset 0 0 0 2px ${vars?.palette.primary.main}` },
        '& .cm-editor': { m: '2px', height: 'calc(100% - 4px)' },
      })}
    />
  );
}
