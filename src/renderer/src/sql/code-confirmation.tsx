import { Alert, AlertTitle, Box, Button, Stack, Typography } from '@mui/material';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useProcedureQuery } from '../api/use-procedure';
import { formatCount } from '../ui/format';
import { ErrorState, LoadingLines } from '../ui/states';
import type { Asked } from './asked';

interface CodeConfirmationProps {
  readonly asked: Asked;
  /** Runs the statement with the code that is named here. */
  readonly onConfirm: (ids: readonly string[]) => void;
}

/** So many are listed; of more their number is said. */
const mostListed = 50;

/** Names the database's own code that a statement would run, before it does. */
export function CodeConfirmation({ asked, onConfirm }: CodeConfirmationProps): ReactElement {
  const { t } = useTranslation();
  const { what, statement, schemas } = asked;
  // Read again each time: code may have been replaced.
  const query = useProcedureQuery('sql', 'code', { statement, schemas: [...schemas] }, { staleTimeMs: 0 });
  if (query.isFetching) return <LoadingLines lines={3} />;
  if (query.data === undefined) return <ErrorState error={query.error} />;
  const { code } = query.data;
  return (
    <Alert severity="warning" role="alert">
      <AlertTitle>{t('sql.code.title')}</AlertTitle>
      <Typography variant="body2">{t('sql.code.body')}</Typography>
      <Box component="ul" aria-label={t('sql.code.list')} sx={{ my: 1, pl: 2.5 }}>
        {code.slice(0, mostListed).map(({ id, kind, name, language }) => (
          <li key={id}>
            <Box
              component="bdi"
              sx={{ fontFamily: 'ui-monospace, Menlo, Consolas, monospace', overflowWrap: 'anywhere' }}
            >
              {name}
            </Box>{' '}
            ({t(`sql.code.kind.${kind === 'foreign table' ? 'foreignTable' : kind}`)}
            {language === '' ? '' : `, ${language}`})
          </li>
        ))}
      </Box>
      {code.length > mostListed && (
        <Typography variant="body2">
          {t('sql.code.more', { formatted: formatCount(code.length - mostListed) })}
        </Typography>
      )}
      <Stack direction="row" sx={{ mt: 1 }}>
        <Button
          size="small"
          variant="outlined"
          color="inherit"
          onClick={() => onConfirm(code.map(({ id }) => id))}
        >
          {t(`sql.code.confirm.${what}`)}
        </Button>
      </Stack>
    </Alert>
  );
}
