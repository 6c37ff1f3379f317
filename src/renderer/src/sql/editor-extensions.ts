import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  closeCompletion,
  completionKeymap,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { sql } from '@codemirror/lang-sql';
import { bracketMatching, HighlightStyle, indentUnit, syntaxHighlighting } from '@codemirror/language';
import { EditorState, type Extension, Prec } from '@codemirror/state';
import { EditorView, keymap, lineNumbers, placeholder } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { cspNonce } from '../ui/csp-nonce';
import { theme } from '../ui/theme';
import { completionSources, type FindNames } from './completion';
import { dialect } from './dialect';
import { errorMark } from './error-mark';
import { typeOverSelection } from './type-over-selection';

interface EditorOptions {
  readonly label: string;
  /** Id of the text that says which keys run and leave. */
  readonly describedBy: string;
  readonly placeholder: string;
  readonly onRun: () => void;
  readonly onChange: (text: string) => void;
  readonly findNames: FindNames;
}

/** An editor for one SQL statement in the console's colours. Esc, then Tab leaves it: CodeMirror's own way out. */
export function editorExtensions(options: EditorOptions): Extension {
  return [
    cspNonce === undefined ? [] : EditorView.cspNonce.of(cspNonce),
    Prec.highest(
      keymap.of([
        {
          key: 'Mod-Enter',
          run: (view) => {
            closeCompletion(view);
            options.onRun();
            return true;
          },
        },
      ]),
    ),
    lineNumbers(),
    history(),
    bracketMatching(),
    closeBrackets(),
    autocompletion({
      override: [...completionSources(options.findNames)],
      activateOnTypingDelay: 150,
      icons: false,
      maxRenderedOptions: 60,
    }),
    keymap.of([
      ...closeBracketsKeymap,
      ...completionKeymap,
      ...defaultKeymap,
      ...historyKeymap,
      indentWithTab,
    ]),
    sql({ dialect }),
    indentUnit.of('  '),
    EditorState.tabSize.of(2),
    EditorView.lineWrapping,
    EditorView.contentAttributes.of({
      'aria-label': options.label,
      'aria-describedby': options.describedBy,
      autocapitalize: 'off',
      spellcheck: 'false',
    }),
    placeholder(options.placeholder),
    errorMark,
    typeOverSelection,
    EditorView.updateListener.of(({ docChanged, state }) => {
      if (docChanged) options.onChange(state.doc.toString());
    }),
    syntaxHighlighting(highlightStyle),
    editorTheme,
  ];
}

const colours = (theme.vars ?? theme).palette;
const { tone } = colours.console;

const highlightStyle = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword], color: colours.primary.main, fontWeight: '600' },
  { tag: [tags.typeName, tags.standard(tags.name)], color: tone.info.ink },
  { tag: [tags.string, tags.special(tags.string)], color: tone.success.ink },
  { tag: [tags.number, tags.bool, tags.null], color: tone.warning.ink },
  { tag: tags.comment, color: colours.text.secondary, fontStyle: 'italic' },
  { tag: tags.invalid, color: tone.error.ink },
]);

const monospaced = 'ui-monospace, "Cascadia Mono", Menlo, Consolas, monospace';

/** Colours are the theme's CSS variables, so that switching light and dark needs nothing here. */
const editorTheme = EditorView.theme({
  '&': { height: '100%', color: colours.text.primary, backgroundColor: colours.background.paper },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: monospaced, fontSize: '0.875rem', lineHeight: '1.6', overflow: 'auto' },
  '.cm-content': { caretColor: colours.text.primary, padding: '10px 0' },
  '.cm-placeholder': { color: colours.text.secondary },
  '.cm-gutters': {
    color: colours.text.secondary,
    backgroundColor: 'transparent',
    borderRight: `1px solid ${colours.divider}`,
    paddingLeft: '6px',
  },
  '.cm-line': { padding: '0 12px' },
  '.cm-line::selection, .cm-line ::selection': {
    backgroundColor: `${colours.console.primarySoft} !important`,
  },
  '&.cm-focused .cm-matchingBracket, .cm-matchingBracket': {
    backgroundColor: tone.neutral.ground,
    outline: `1px solid ${colours.console.outline}`,
  },
  '&.cm-focused .cm-nonmatchingBracket, .cm-nonmatchingBracket': { backgroundColor: tone.error.ground },
  '.cm-errorMark': {
    color: tone.error.ink,
    backgroundColor: tone.error.ground,
    textDecoration: 'underline wavy',
    textUnderlineOffset: '3px',
  },
  '.cm-tooltip': {
    color: colours.text.primary,
    backgroundColor: colours.background.paper,
    border: `1px solid ${colours.console.outline}`,
    borderRadius: '8px',
    overflow: 'hidden',
    zIndex: '1200',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': {
    fontFamily: monospaced,
    fontSize: '0.8125rem',
    maxHeight: '17em',
    minWidth: '300px',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': {
    padding: '3px 10px',
    display: 'flex',
    gap: '16px',
    alignItems: 'baseline',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    color: colours.primary.contrastText,
    backgroundColor: colours.primary.main,
  },
  '.cm-completionMatchedText': { textDecoration: 'none', fontWeight: '700' },
  '.cm-completionDetail': {
    marginLeft: 'auto',
    fontStyle: 'normal',
    fontSize: '0.75rem',
    color: colours.text.secondary,
  },
  'li[aria-selected] .cm-completionDetail': { color: 'inherit' },
});
