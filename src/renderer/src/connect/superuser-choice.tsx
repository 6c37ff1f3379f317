import { Alert, AlertTitle, Box, Button, Checkbox, FormControlLabel, Stack, Typography } from '@mui/material';
import { useId, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { formatCount } from '../ui/format';
import type { SuperuserRefusal } from './superuser-refusal';

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
  return (
    <Alert
      severity="warning"
      role="group"
      aria-labelledby={id}
      sx={{ '& .MuiAlert-message': { minWidth: 0, flex: 1 } }}
    >
      <AlertTitle id={id} sx={{ fontSize: '0.84375rem', fontWeight: 650 }}>
        {t(refusal === null ? 'connect.superuser.chosenTitle' : 'connect.superuser.title')}
      </AlertTitle>
      <Stack sx={{ gap: 1 }}>
        {refusal !== null && <Others others={refusal.details?.['others']?.split('\n') ?? []} />}
        <Typography variant="body2">
          {t(refusal === null ? 'connect.superuser.chosenBody' : 'connect.superuser.risk')}
        </Typography>
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

/** So many are shown at first: the gravest come first, and the choice below them stays in sight. */
const shownAtFirst = 5;

function Others({ others }: { readonly others: readonly string[] }): ReactElement {
  const { t } = useTranslation();
  const [showsAll, setShowsAll] = useState(false);
  // A button that shows one line more takes the place of that line.
  const isLong = others.length > shownAtFirst + 1;
  return (
    <Box>
      <Box component="ul" sx={{ m: 0, pl: 2.25, overflowWrap: 'anywhere' }}>
        {(isLong && !showsAll ? others.slice(0, shownAtFirst) : others).map((other) => (
          <li key={other} dir="auto">
            {other}
          </li>
        ))}
      </Box>
      {isLong && (
        <Button
          size="small"
          color="inherit"
          aria-expanded={showsAll}
          onClick={() => setShowsAll(!showsAll)}
          sx={{ ml: 1 }}
        >
          {showsAll
            ? t('connect.superuser.showFewer')
            : t('connect.superuser.showAll', { formatted: formatCount(others.length) })}
        </Button>
      )}
    </Box>
  );
}
