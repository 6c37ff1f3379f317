import { TextField } from '@mui/material';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { newPrice } from '../../../shared/contract/models';
import { isDecimal, plainDecimal, shiftDecimal } from '../../../shared/decimal';

/** What is typed: US dollars per million tokens, as people compare prices; empty is not known. */
export interface TypedPrices {
  readonly input: string;
  readonly output: string;
}

const perMillion = 6;

/** What stands in the fields for a price per token. */
export const typedPrice = (price: string | null): string =>
  price === null || !isDecimal(price) ? '' : shiftDecimal(price, perMillion);

/** A typed price per token, as the contract takes it; undefined where it is none. */
export function pricePerToken(typed: string): string | null | undefined {
  const text = typed.trim();
  if (text === '') return null;
  if (!isDecimal(text)) return undefined;
  const price = plainDecimal(shiftDecimal(text, -perMillion));
  return newPrice.shape.inputPricePerToken.safeParse(price).success ? price : undefined;
}

interface PriceFieldsProps {
  readonly prices: TypedPrices;
  readonly onChange: (prices: TypedPrices) => void;
  /** Whether to say what is wrong with them. */
  readonly isChecked: boolean;
}

/** The two prices of a model. */
export function PriceFields({ prices, onChange, isChecked }: PriceFieldsProps): ReactElement {
  const { t } = useTranslation();
  return (
    <>
      {(['input', 'output'] as const).map((side) => {
        const isWrong = isChecked && pricePerToken(prices[side]) === undefined;
        return (
          <TextField
            key={side}
            fullWidth
            label={t(`models.newPrice.${side}`)}
            value={prices[side]}
            error={isWrong}
            helperText={t(isWrong ? 'models.newPrice.wrong' : 'models.newPrice.empty')}
            onChange={(event) => onChange({ ...prices, [side]: event.target.value })}
            slotProps={{ htmlInput: { inputMode: 'decimal', autoComplete: 'off' } }}
          />
        );
      })}
    </>
  );
}
