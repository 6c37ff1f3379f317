import { Alert, AlertTitle, Box, Checkbox, FormControlLabel, Stack, Typography } from '@mui/material';
import { useId, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { ErrorEnvelope } from '../../../shared/errors';

/** Why a role was refused: it could do more than this database is worth, and others have a hand in it. */
export type SuperuserRefusal = Pick<ErrorEnvelope, 'code' | 'details'>;

/** The refusal among what a call ended with; NULL for everything else. */
export function superuserRefusal(error: SuperuserRefusal | null | undefined): SuperuserRefusal | null {
  return error?.code === 'db_superuser' ? error : null;
}

interface SuperuserChoiceProps {
  /** NULL where nothing was refused: the choice was made before. */
  readonly refusal: SuperuserRefusal | null;
  readonly isChosen: boolean;
  readonly onChange: (isChosen: boolean) => void;
}

/** Who else has a hand in the database, what that risks, and the choice to go on nevertheless. */
export function SuperuserChoice({ refusal, isChosen, onChange }: SuperuserChoiceProps): ReactElement {
  const { t } = useTranslation();
  const id = useId();
  const others = refusal?.details?.['others']?.split('\n') ?? [];
  return (
    <Alert severity="warning" sx={{ '& .MuiAlert-message': { minWidth: 0, flex: 1 } }}>
      <AlertTitle id={id}>{t('connect.superuser.title')}</AlertTitle>
      <Stack sx={{ gap: 1 }}>
        {others.length > 0 && (
          <Box
            component="ul"
            aria-labelledby={id}
            sx={{ m: 0, pl: 2.25, maxHeight: 160, overflowY: 'auto', overflowWrap: 'anywhere' }}
          >
            {others.map((other) => (
              <li key={other} dir="auto">
                {other}
              </li>
            ))}
          </Box>
        )}
        <Typography variant="body2">{t('connect.superuser.risk')}</Typography>
        <FormControlLabel
          control={
            <Checkbox
              size="small"
              color="warning"
              checked={isChosen}
              onChange={(event) => onChange(event.target.checked)}
              sx={{ py: 0.25, alignSelf: 'flex-start' }}
            />
          }
          label={t('connect.superuser.choose')}
          slotProps={{ typography: { variant: 'body2', sx: { fontWeight: 600 } } }}
          sx={{ mr: 0 }}
        />
        <Typography variant="caption" sx={{ color: 'text.secondary' }}>
          {t('connect.superuser.kept')}
        </Typography>
      </Stack>
    </Alert>
  );
}
