import { Alert, FormControlLabel, Stack, Switch, TextField, Typography } from '@mui/material';
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { overlaps } from '../../../shared/contract/api-keys';
import type { AnswerOf, Contract } from '../../../shared/contract/index';
import { addDecimals, compareDecimals, isDecimal, multiplyDecimals } from '../../../shared/decimal';
import { useProcedureCommand } from '../api/use-procedure';
import { ChoiceGroup } from '../forms/choice-group';
import { EditPanel, type PanelHandle } from '../forms/edit-panel';
import { PanelForm } from '../forms/panel-form';
import { ExpiryDay } from '../records/expiry-field';
import { formatMoney } from '../ui/format';
import { ErrorState } from '../ui/states';
import { Instant } from '../ui/values';
import { keyName } from './key-name';
import { KeyValueDialog } from './key-value-dialog';

type ApiKey = AnswerOf<Contract['apiKeys']['get']>;
type Rotated = AnswerOf<Contract['apiKeys']['rotate']>;

interface RotateApiKeyProps {
  readonly apiKey: ApiKey;
  readonly open: boolean;
  readonly onClose: () => void;
}

/** The panel in which a key is replaced by a new one: what it does is read before it is done, and the value shown once. */
export function RotateApiKey({ apiKey, open, onClose }: RotateApiKeyProps): ReactElement {
  const { t } = useTranslation();
  const [made, setMade] = useState<(Rotated & { readonly isKept: boolean; readonly name: string }) | null>(
    null,
  );
  return (
    <>
      <EditPanel title={t('apiKeys.rotate.title', { name: keyName(apiKey) })} open={open} onClose={onClose}>
        {(panel) => <RotateForm {...panel} apiKey={apiKey} onMade={setMade} />}
      </EditPanel>
      {made !== null && (
        <KeyValueDialog
          title={t('apiKeys.rotate.madeTitle', { name: made.name })}
          warning={t(made.isKept ? 'apiKeys.create.shownHere' : 'apiKeys.create.shownOnce')}
          note={made.isTold ? undefined : <Alert severity="error">{t('apiKeys.rotate.untold')}</Alert>}
          value={made.value}
          baseUrl={made.baseUrl}
          model={apiKey.allModelRefs[0]?.id ?? t('apiKeys.create.anyModel')}
          onClose={() => setMade(null)}
        />
      )}
    </>
  );
}

interface RotateFormProps extends PanelHandle {
  readonly apiKey: ApiKey;
  readonly onMade: (made: Rotated & { readonly isKept: boolean; readonly name: string }) => void;
}

const choices = [...overlaps, 'day'] as const;

function RotateForm({ apiKey, setDirty, cancel, close, onMade }: RotateFormProps): ReactElement {
  const { t } = useTranslation();
  const [choice, setChoice] = useState<(typeof choices)[number]>('1d');
  const [day, setDay] = useState('');
  const [keepValue, setKeepValue] = useState(apiKey.valueStored === true);
  const [reason, setReason] = useState('');
  const rotate = useProcedureCommand('apiKeys', 'rotate');
  const overlap = choice === 'day' ? day : choice;
  const missing = overlap === '' ? 'noDay' : reason.trim() === '' ? 'noReason' : undefined;
  const maySubmit = missing === undefined && !rotate.isPending;
  const { id, version } = apiKey;
  const submit = (): void => {
    if (!maySubmit) return;
    rotate.mutate(
      { id, version, overlap, keepValue, reason },
      {
        onSuccess: (made) => {
          onMade({ ...made, isKept: keepValue, name: keyName(apiKey) });
          close();
        },
      },
    );
  };
  return (
    <PanelForm
      submitLabel={t(`apiKeys.rotate.${rotate.isPending ? 'making' : (missing ?? 'make')}`)}
      maySubmit={maySubmit}
      onSubmit={submit}
      onCancel={cancel}
    >
      <Stack sx={{ gap: 2.5, px: 1.5 }} onChange={() => setDirty(true)}>
        <ChoiceGroup
          label={t('apiKeys.rotate.overlap')}
          name="overlap"
          value={choice}
          choices={choices.map((value) => ({ value, label: t(`apiKeys.rotate.for.${value}`) }))}
          onChange={setChoice}
        />
        {choice === 'day' && (
          <ExpiryDay label={t('apiKeys.rotate.day')} value={day} onChange={setDay} isWrong={false} />
        )}
        <Effects apiKey={apiKey} isOverlapping={choice !== 'none'} />
        <FormControlLabel
          control={<Switch checked={keepValue} onChange={(_event, isKept) => setKeepValue(isKept)} />}
          label={t('apiKeys.create.keepValue')}
        />
        <TextField
          required
          label={t('review.reason')}
          helperText={t('review.reasonHelp')}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
          slotProps={{ htmlInput: { maxLength: 500 } }}
        />
        {rotate.error !== null && <ErrorState error={rotate.error} title={t('apiKeys.rotate.failed')} />}
      </Stack>
    </PanelForm>
  );
}

/** What the rotation does, before it is done. */
function Effects({
  apiKey,
  isOverlapping,
}: {
  readonly apiKey: ApiKey;
  readonly isOverlapping: boolean;
}): ReactElement {
  const { t } = useTranslation();
  const { alias, expiresAt } = apiKey;
  const left = leftOf(apiKey);
  return (
    <Alert severity="info">
      <Stack component="ul" sx={{ m: 0, pl: 2, gap: 0.5 }}>
        <li>{t('apiKeys.rotate.same')}</li>
        <li>{t(alias === null ? 'apiKeys.rotate.noAlias' : 'apiKeys.rotate.alias', { alias })}</li>
        <li>{t(isOverlapping ? 'apiKeys.rotate.ends' : 'apiKeys.rotate.endsNow')}</li>
        {expiresAt !== null && (
          <li>
            {t('apiKeys.rotate.sameEnd')} <Instant value={expiresAt} />
          </li>
        )}
        {isOverlapping && left !== null && (
          <li>
            <Typography variant="body2" component="span" sx={{ fontWeight: 600 }}>
              {t('apiKeys.rotate.surplus', { left: formatMoney(left) })}
            </Typography>
          </li>
        )}
        <li>{t('apiKeys.rotate.noUndo')}</li>
      </Stack>
    </Alert>
  );
}

/** What is left of the budget, which each of both keys may spend while both work; null where nothing limits it. */
function leftOf({ maxBudget, currentSpend }: ApiKey): string | null {
  const spent = currentSpend ?? '0';
  if (maxBudget === null || !isDecimal(maxBudget) || !isDecimal(spent)) return null;
  return compareDecimals(spent, maxBudget) < 0 ? addDecimals(maxBudget, multiplyDecimals(spent, '-1')) : '0';
}
