import { useQueryClient } from '@tanstack/react-query';
import { Paper, Stack } from '@mui/material';
import { useEffect, useId, useRef, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { maxStatementLength } from '../../../shared/contract/sql';
import { useWorkspace } from '../api/app-state';
import { call } from '../api/client';
import { useCancellableCall, type CallState } from '../api/use-cancellable-call';
import { DatabaseNote, ReadOnlyChip } from '../browse/database-note';
import { PageHeader } from '../ui/page-header';
import { DatabaseTabs } from '../database/database-tabs';
import { usePageAction } from '../ui/page-actions';
import type { FindNames } from './completion';
import { HistoryPanel } from './history-panel';
import { keepStatement, mayBeKept, readKeptStatement } from './kept-statement';
import { errorPosition, isUnchanged, type Asked } from './asked';
import { Outcome } from './outcome';
import { RunBar } from './run-bar';
import { SqlEditor, type SqlEditorHandle } from './sql-editor';

/** One statement at a time, in a transaction that can only read. */
export function SqlScreen(): ReactElement {
  const { t } = useTranslation();
  const workspaceId = useWorkspace()?.id ?? '';
  const helpId = useId();
  const editor = useRef<SqlEditorHandle>(null);
  const [text, setText] = useState(() => readKeptStatement(workspaceId));
  const [initialText] = useState(text);
  const [asked, setAsked] = useState<Asked | null>(null);
  const [schemas, setSchemas] = useState<readonly string[]>(['public']);
  /** Of the whole visit: each piece of code is confirmed once, as long as it stays what it was. */
  const [confirmed, setConfirmed] = useState<readonly string[]>([]);
  const [isHistoryOpen, setIsHistoryOpen] = useState(false);
  const result = useCancellableCall('sql', 'run');
  const plan = useCancellableCall('sql', 'plan');
  const current = asked?.what === 'plan' || asked?.what === 'analyze' ? plan.current : result.current;
  useFreshHistory(current.state);
  useEffect(() => {
    if (asked !== null && current.state === 'failed' && isUnchanged(asked, text))
      editor.current?.markError(errorPosition(asked, current.error));
  }, [asked, current, text]);

  const change = (next: string): void => {
    setText(next);
    keepStatement(workspaceId, next);
  };
  const ask = (what: Asked['what']): void => {
    const statement = editor.current?.statement();
    if (
      statement === undefined ||
      statement.text.trim() === '' ||
      statement.text.length > maxStatementLength
    ) {
      editor.current?.focus();
      return;
    }
    start({ what, statement: statement.text, offset: statement.offset, schemas, confirmed });
  };
  const start = (next: Asked): void => {
    result.cancel();
    plan.cancel();
    editor.current?.markError(null);
    setAsked(next);
    const input = { statement: next.statement, schemas: [...next.schemas], confirmed: [...next.confirmed] };
    if (next.what === 'run') result.run(input);
    else plan.run({ ...input, analyze: next.what === 'analyze' });
  };
  const confirm = (ids: readonly string[]): void => {
    if (asked === null) return;
    const all = [...new Set([...ids, ...confirmed])].slice(0, mostConfirmed);
    setConfirmed(all);
    start({ ...asked, confirmed: all });
  };
  usePageAction('runSql', text.trim() === '' ? undefined : () => ask('run'));
  return (
    <>
      <PageHeader title={t('sql.title')} description={t('sql.description')} chips={<ReadOnlyChip />} />
      <DatabaseTabs />
      <DatabaseNote />
      <Stack sx={{ gap: 2 }}>
        <Paper variant="outlined" sx={{ minWidth: 0 }}>
          <SqlEditor
            ref={editor}
            initialText={initialText}
            label={t('sql.editor.label')}
            describedBy={helpId}
            placeholder={t('sql.editor.placeholder')}
            onRun={() => ask('run')}
            onChange={change}
            findNames={(typed, signal) => findNames(typed, schemas, signal)}
          />
          <RunBar
            helpId={helpId}
            isEmpty={text.trim() === ''}
            isTooLong={text.length > maxStatementLength}
            isKept={mayBeKept(text)}
            running={current.state === 'running' ? (asked?.what ?? null) : null}
            onAsk={ask}
            onCancel={() => {
              result.cancel();
              plan.cancel();
            }}
            onHistory={() => setIsHistoryOpen(true)}
            schemas={schemas}
            onSchemas={setSchemas}
          />
        </Paper>
        <Outcome
          asked={asked}
          result={result.current}
          plan={plan.current}
          onGoTo={(position) => editor.current?.goTo(position)}
          onConfirm={confirm}
        />
      </Stack>
      <HistoryPanel
        isOpen={isHistoryOpen}
        onClose={() => setIsHistoryOpen(false)}
        onUse={(statement) => editor.current?.setText(statement)}
        onUsed={() => editor.current?.focus()}
      />
    </>
  );
}

/** As many as a statement may carry; those of longer ago are asked for again. */
const mostConfirmed = 500;

async function findNames(
  { prefix, relations, qualifier }: Parameters<FindNames>[0],
  schemas: readonly string[],
  signal: AbortSignal,
): ReturnType<FindNames> {
  const { items } = await call(
    'sql',
    'completions',
    {
      prefix,
      relations: [...relations],
      schemas: [...schemas],
      ...(qualifier === undefined ? {} : { qualifier }),
    },
    signal,
  );
  return items;
}

/** Lets the history be read again once a statement has ended: main wrote it down. */
function useFreshHistory(state: CallState<unknown>['state']): void {
  const queryClient = useQueryClient();
  useEffect(() => {
    if (state !== 'idle' && state !== 'running')
      void queryClient.invalidateQueries({ queryKey: ['sql', 'history'] });
  }, [state, queryClient]);
}
