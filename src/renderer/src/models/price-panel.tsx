import { FormControlLabel, Stack, Switch, TextField, Typography } from '@mui/material';
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { AnswerOf, Contract } from '../../../shared/contract/index';
import { EditPanel, type PanelHandle } from '../forms/edit-panel';
import { PanelForm } from '../forms/panel-form';
import { showReview } from '../review/review-store';
import { visibleName } from '../ui/visible-name';
import { PriceFields, pricePerToken, typedPrice } from './price-fields';

type Prices = NonNullable<AnswerOf<Contract['models']['get']>['priceNow']>;

interface PricePanelProps {
  readonly model: { readonly id: string; readonly name: string };
  readonly priceNow: Prices;
  readonly open: boolean;
  readonly onClose: () => void;
}

/** The panel in which a model is given a price, from now or from a moment that is past. */
export function PricePanel({ model, priceNow, open, onClose }: PricePanelProps): ReactElement {
  const { t } = useTranslation();
  return (
    <EditPanel
      title={t('models.newPrice.title', { name: visibleName(model.name) })}
      open={open}
      onClose={onClose}
    >
      {(panel) => <PriceForm {...panel} model={model} priceNow={priceNow} />}
    </EditPanel>
  );
}

function PriceForm({
  model,
  priceNow,
  setDirty,
  cancel,
  close,
}: PanelHandle & Pick<PricePanelProps, 'model' | 'priceNow'>): ReactElement {
  const { t } = useTranslation();
  // What counts is what was seen when the panel was opened.
  const [seen] = useState(priceNow);
  const first = { input: typedPrice(seen.inputPricePerToken), output: typedPrice(seen.outputPricePerToken) };
  const [prices, setPrices] = useState(first);
  /** NULL: now. */
  const [moment, setMoment] = useState<string | null>(null);
  const [isChecked, setIsChecked] = useState(false);
  const isChanged = moment !== null || prices.input !== first.input || prices.output !== first.output;
  const validFrom = moment === null ? null : instantOf(moment);
  const review = (): void => {
    const [inputPricePerToken, outputPricePerToken] = [
      pricePerToken(prices.input),
      pricePerToken(prices.output),
    ];
    setIsChecked(true);
    if (inputPricePerToken === undefined || outputPricePerToken === undefined || validFrom === undefined)
      return;
    showReview({
      request: {
        area: 'models',
        procedure: 'previewPrice',
        input: { id: model.id, seen, validFrom, inputPricePerToken, outputPricePerToken },
      },
      verb: 'setPrice',
      title: t('models.newPrice.reviewTitle', { name: visibleName(model.name) }),
      onDone: close,
    });
  };
  return (
    <PanelForm
      submitLabel={t(isChanged ? 'models.newPrice.review' : 'models.newPrice.nothing')}
      maySubmit={isChanged}
      onSubmit={review}
      onCancel={cancel}
    >
      <Stack sx={{ gap: 2.5, px: 1.5 }}>
        <Typography variant="body2" sx={{ color: 'text.secondary' }}>
          {t('models.newPrice.help')}
        </Typography>
        <PriceFields
          prices={prices}
          isChecked={isChecked}
          onChange={(next) => {
            setPrices(next);
            setDirty(true);
          }}
        />
        <FormControlLabel
          control={
            <Switch
              checked={moment === null}
              onChange={(_event, isNow) => {
                setMoment(isNow ? null : '');
                setDirty(true);
              }}
            />
          }
          label={t('models.newPrice.fromNow')}
        />
        {moment !== null && (
          <TextField
            fullWidth
            type="datetime-local"
            label={t('models.newPrice.from')}
            value={moment}
            error={isChecked && validFrom === undefined}
            helperText={t(
              isChecked && validFrom === undefined ? 'models.newPrice.fromWrong' : 'models.newPrice.fromHelp',
            )}
            onChange={(event) => setMoment(event.target.value)}
            slotProps={{ inputLabel: { shrink: true } }}
          />
        )}
      </Stack>
    </PanelForm>
  );
}

/** `2026-11-01T00:00`, read in UTC, as the contract has it; undefined where it is none. */
function instantOf(moment: string): string | undefined {
  const time = Date.parse(`${moment}Z`);
  return Number.isNaN(time) ? undefined : new Date(time).toISOString().replace('Z', '000Z');
}
