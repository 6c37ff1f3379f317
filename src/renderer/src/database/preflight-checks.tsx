import CheckIcon from '@mui/icons-material/CheckCircleOutlined';
import { Alert, Box, Checkbox, FormControlLabel, Stack, Typography } from '@mui/material';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { AnswerOf, Contract } from '../../../shared/contract/index';

export type PreflightCheck = AnswerOf<Contract['database']['migrations']>['preflight'][number];

interface PreflightChecksProps {
  readonly checks: readonly PreflightCheck[];
  /** The person goes on although a check that may be accepted is not passed. */
  readonly accepts: boolean;
  /** Absent where nothing can be migrated from here anyway. */
  readonly onAccept?: ((accepts: boolean) => void) | undefined;
}

/** What the database must be like before anything is migrated: what stands in the way first, then what does not. */
export function PreflightChecks({ checks, accepts, onAccept }: PreflightChecksProps): ReactElement {
  const { t } = useTranslation();
  const passed = checks.filter(({ ok }) => ok);
  return (
    <Stack sx={{ gap: 1 }} aria-label={t('database.migrations.preflight')} role="group">
      {checks
        .filter(({ ok }) => !ok)
        .map((check) => (
          <Alert
            key={check.check}
            severity={check.acceptable ? 'warning' : 'error'}
            slotProps={{ icon: { 'aria-hidden': true } }}
            sx={{ '& .MuiAlert-message': { minWidth: 0 } }}
          >
            <Box component="span" sx={{ fontWeight: 650 }}>
              {t('database.migrations.notPassed')}
            </Box>{' '}
            {check.message}
            {check.hint !== null && <Box sx={{ mt: 0.5 }}>{check.hint}</Box>}
            {check.acceptable && onAccept !== undefined && (
              <FormControlLabel
                control={
                  <Checkbox
                    size="small"
                    color="warning"
                    checked={accepts}
                    onChange={(event) => onAccept(event.target.checked)}
                    sx={{ py: 0.25 }}
                  />
                }
                label={t('database.migrations.acceptOthers')}
                slotProps={{ typography: { variant: 'body2', sx: { fontWeight: 600 } } }}
                sx={{ mt: 0.75, mr: 0 }}
              />
            )}
          </Alert>
        ))}
      {passed.length > 0 && <Passed checks={passed} />}
    </Stack>
  );
}

function Passed({ checks }: { readonly checks: readonly PreflightCheck[] }): ReactElement {
  const { t } = useTranslation();
  return (
    <Box
      component="ul"
      aria-label={t('database.migrations.passedChecks')}
      sx={{
        m: 0,
        p: 0,
        listStyle: 'none',
        display: 'grid',
        gridTemplateColumns: 'repeat(auto-fill, minmax(min(100%, 300px), 1fr))',
        columnGap: 2,
        rowGap: 0.5,
      }}
    >
      {checks.map(({ check, message }) => (
        <Typography
          key={check}
          component="li"
          variant="body2"
          sx={{ display: 'flex', gap: 0.75, minWidth: 0, overflowWrap: 'anywhere' }}
        >
          <CheckIcon
            aria-hidden
            sx={({ vars }) => ({
              mt: '1px',
              flex: 'none',
              fontSize: 18,
              color: vars?.palette.console.tone.success.ink,
            })}
          />
          {message}
        </Typography>
      ))}
    </Box>
  );
}
