import { Alert, Stack, TextField, Typography } from '@mui/material';
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { AnswerOf, Contract } from '../../../shared/contract/index';
import type { Reference } from '../../../shared/contract/values';
import { refusedPath } from '../api-keys/refused-path';
import { useProcedureCommand, useProcedureQuery } from '../api/use-procedure';
import { ChoiceGroup } from '../forms/choice-group';
import { EditPanel, type PanelHandle } from '../forms/edit-panel';
import { PanelForm } from '../forms/panel-form';
import { OptionsFilter } from '../lists/options-filter';
import { AppLink } from '../records/record-link';
import { formatCount } from '../ui/format';
import { ErrorState, LoadingLines } from '../ui/states';
import { visibleName } from '../ui/visible-name';

interface TestModelProps {
  /** NULL: closed. */
  readonly model: Reference | null;
  readonly onClose: () => void;
}

/** The panel in which a model is asked one word, with a key that is kept here or pasted. Closing drops what was pasted. */
export function TestModel({ model, onClose }: TestModelProps): ReactElement {
  const { t } = useTranslation();
  const name = model === null ? '' : visibleName(model.label);
  return (
    <EditPanel title={t('models.test.title', { name })} open={model !== null} onClose={onClose}>
      {(panel) => model !== null && <TestForm id={model.id} {...panel} />}
    </EditPanel>
  );
}

type Terms = AnswerOf<Contract['models']['testTerms']>;
type Reply = AnswerOf<Contract['models']['test']>;

function TestForm({ id, cancel }: PanelHandle & { readonly id: string }): ReactElement {
  const { t } = useTranslation();
  const terms = useProcedureQuery('models', 'testTerms', { id });
  const test = useProcedureCommand('models', 'test');
  const [which, setWhich] = useState<'kept' | 'pasted'>('kept');
  const [keyId, setKeyId] = useState<string>();
  const [value, setValue] = useState('');
  const key = which === 'pasted' ? { value: value.trim() } : { id: keyId ?? '' };
  const hasKey = which === 'pasted' ? value.trim() !== '' : keyId !== undefined;
  const mayAsk = terms.data?.isLinked === true && terms.data.mode !== null;
  const maySubmit = mayAsk && hasKey && !test.isPending;
  const asking = test.isPending ? t('models.test.sending') : t('models.test.send');
  return (
    <PanelForm
      submitLabel={hasKey || !mayAsk ? asking : t('models.test.nothing')}
      maySubmit={maySubmit}
      onSubmit={() => {
        if (maySubmit) test.mutate({ id, key });
      }}
      onCancel={cancel}
    >
      <Stack sx={{ gap: 2.5, px: 1.5 }}>
        {terms.error !== null && (
          <ErrorState
            error={terms.error}
            title={t('models.test.failed')}
            onRetry={() => void terms.refetch()}
          />
        )}
        {terms.data === undefined ? (
          terms.isPending && <LoadingLines lines={2} />
        ) : (
          <Cost terms={terms.data} />
        )}
        <ChoiceGroup
          label={t('models.test.which')}
          name="which"
          value={which}
          choices={[
            { value: 'kept', label: t('models.test.kept') },
            { value: 'pasted', label: t('models.test.pasted'), help: t('models.test.pastedHelp') },
          ]}
          onChange={(next) => {
            setWhich(next);
            test.reset();
          }}
        />
        {which === 'kept' ? (
          <OptionsFilter
            area="apiKeys"
            label={t('models.test.key')}
            value={keyId}
            onChange={(next) => {
              setKeyId(next);
              test.reset();
            }}
            whenNone={t('models.test.chooseKey')}
          />
        ) : (
          <TextField
            type="password"
            label={t('models.test.value')}
            value={value}
            onChange={(event) => setValue(event.target.value)}
            slotProps={{ htmlInput: { autoComplete: 'off', spellCheck: false, maxLength: 500 } }}
          />
        )}
        <Stack role="status" sx={{ gap: 1 }}>
          {test.data !== undefined && (
            <Outcome reply={test.data} keyId={which === 'kept' ? keyId : undefined} />
          )}
        </Stack>
        {test.error !== null && <ErrorState error={test.error} title={t('models.test.failed')} />}
      </Stack>
    </PanelForm>
  );
}

/** What is asked and what that costs, or why nothing can be asked. */
function Cost({ terms }: { readonly terms: Terms }): ReactElement {
  const { t } = useTranslation();
  const { isLinked, mode, mostCost, inputTokens, outputTokens } = terms;
  if (!isLinked) return <Alert severity="info">{t('models.test.notLinked')}</Alert>;
  if (mode === null) return <Alert severity="info">{t('models.test.otherMode')}</Alert>;
  const counts = { input: formatCount(inputTokens), output: formatCount(outputTokens) };
  return (
    <>
      <Typography variant="body2">
        {t(mode === 'chat' ? 'models.test.help' : 'models.test.embeddingHelp')}
      </Typography>
      <Alert severity={mostCost === null ? 'warning' : 'info'}>
        {mostCost === null
          ? t('models.test.costUnknown')
          : t('models.test.cost', { ...counts, cost: mostCost })}
      </Alert>
    </>
  );
}

function Outcome({
  reply,
  keyId,
}: {
  readonly reply: Reply;
  readonly keyId: string | undefined;
}): ReactElement {
  const { t } = useTranslation();
  const { outcome, latencyMs, answeredBy, inputTokens, outputTokens, cost, status, said, reason } = reply;
  const ms = formatCount(latencyMs);
  if (outcome === 'answered') {
    const counts =
      inputTokens === null || outputTokens === null
        ? null
        : { input: formatCount(inputTokens), output: formatCount(outputTokens) };
    return (
      <Alert severity="success">
        {answeredBy === null
          ? t('models.test.answeredNameless', { ms })
          : t('models.test.answered', { ms, model: visibleName(answeredBy) })}{' '}
        {counts !== null &&
          (cost === null
            ? t('models.test.usedUnpriced', counts)
            : t('models.test.used', { ...counts, cost }))}
      </Alert>
    );
  }
  const about = { ms, said: said ?? '', status: String(status ?? '') };
  return (
    <Alert severity="error" sx={{ overflowWrap: 'anywhere' }}>
      {reason !== null && <strong>{t(`models.test.reason.${reason}`)} </strong>}
      {t(outcome === 'refused' ? 'models.test.refused' : 'models.test.noAnswer', about)}{' '}
      {outcome === 'refused' && keyId !== undefined && (
        <AppLink to={refusedPath(keyId)}>{t('models.test.why')}</AppLink>
      )}
    </Alert>
  );
}
