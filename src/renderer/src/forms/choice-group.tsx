import { Box, FormControlLabel, Radio, RadioGroup, Typography } from '@mui/material';
import { useId, type ReactElement, type ReactNode } from 'react';

interface ChoiceGroupProps<Value extends string> {
  readonly label: string;
  readonly name: string;
  readonly value: Value;
  readonly choices: readonly {
    readonly value: Value;
    readonly label: ReactNode;
    /** What choosing it means, in a sentence. */
    readonly help?: string;
  }[];
  readonly onChange: (value: Value) => void;
  /** Side by side, for short labels. */
  readonly row?: boolean;
}

/** One of a few, all in sight, each with what it means. */
export function ChoiceGroup<Value extends string>(props: ChoiceGroupProps<Value>): ReactElement {
  const { label, name, value, choices, onChange, row = false } = props;
  const id = useId();
  return (
    <Box>
      <Typography variant="body2" component="div" id={id} sx={{ fontWeight: 600, mb: 0.5 }}>
        {label}
      </Typography>
      <RadioGroup
        row={row}
        name={name}
        value={value}
        aria-labelledby={id}
        onChange={(event) => {
          const chosen = choices.find((choice) => choice.value === event.target.value);
          if (chosen !== undefined) onChange(chosen.value);
        }}
        sx={{ gap: row ? 0 : 0.5, '& .MuiFormControlLabel-root': { mr: row ? 1.75 : 0 } }}
      >
        {choices.map((choice) => (
          <FormControlLabel
            key={choice.value}
            value={choice.value}
            control={<Radio size="small" sx={{ py: 0.375 }} />}
            label={
              <>
                {choice.label}
                {choice.help !== undefined && (
                  <Typography
                    variant="caption"
                    component="span"
                    sx={{ display: 'block', color: 'text.secondary' }}
                  >
                    {choice.help}
                  </Typography>
                )}
              </>
            }
            slotProps={{ typography: { variant: 'body2', component: 'div' } }}
            sx={{ alignItems: 'flex-start', '& .MuiFormControlLabel-label': { pt: '3px' } }}
          />
        ))}
      </RadioGroup>
    </Box>
  );
}
