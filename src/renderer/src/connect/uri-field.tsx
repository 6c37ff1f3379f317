import { Alert, Button, Stack, TextField } from '@mui/material';
import { useRef, useState, type ReactElement } from 'react';
import { useFormContext } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { toApiError, type ApiError } from '../api/api-error';
import { call } from '../api/client';
import { ErrorText } from '../ui/states';
import { formatList } from '../ui/format';
import type { ConnectionValues } from './connection-values';
import { fillIn } from './fill-in';

/**
 * Takes a pasted connection URI apart into the fields below. Once it was read it is not shown any more: it may hold
 * the password, which stays with the form and is sent as part of the URI.
 */
export function UriField(): ReactElement {
  const { t, i18n } = useTranslation();
  const form = useFormContext<ConnectionValues>();
  const [text, setText] = useState('');
  const [error, setError] = useState<ApiError | null>(null);
  const [read, setRead] = useState<{ hasPassword: boolean; ignored: readonly string[] } | null>(null);
  const [isReading, setIsReading] = useState(false);

  // Of two pasted one after the other the later counts, whichever answer comes last.
  const latest = useRef(0);

  const apply = (uri: string): void => {
    if (uri.trim() === '') return;
    latest.current += 1;
    const asked = latest.current;
    const isLatest = (): boolean => latest.current === asked;
    setIsReading(true);
    setError(null);
    setRead(null);
    call('workspace', 'parseUri', { uri: uri.trim() })
      .then(
        ({ connection, hasPassword, ignored }) => {
          if (!isLatest()) return;
          fillIn(form, connection, hasPassword ? uri.trim() : '');
          setText('');
          setRead({ hasPassword, ignored });
        },
        (failure: unknown) => {
          if (isLatest()) setError(toApiError(failure));
        },
      )
      .finally(() => {
        if (isLatest()) setIsReading(false);
      });
  };

  return (
    <Stack sx={{ gap: 1 }}>
      <Stack direction="row" sx={{ gap: 1, alignItems: 'flex-start' }}>
        <TextField
          fullWidth
          label={t('connect.uri.label')}
          placeholder="postgresql://user@host:5432/database?sslmode=verify-full"
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setError(null);
          }}
          onPaste={(event) => {
            const pasted = event.clipboardData.getData('text');
            // Into an empty field only: elsewhere it may be a piece of what is being typed.
            if (text !== '' || !/^\s*postgres(ql)?:\/\//i.test(pasted)) return;
            event.preventDefault();
            setText(pasted.trim());
            apply(pasted);
          }}
          onKeyDown={(event) => {
            if (event.key !== 'Enter') return;
            event.preventDefault();
            apply(text);
          }}
          error={error !== null}
          helperText={error === null ? t('connect.uri.help') : <ErrorText error={error} />}
          slotProps={{
            htmlInput: { autoComplete: 'off', spellCheck: false, maxLength: 2000 },
            inputLabel: { shrink: true },
            formHelperText: { component: 'div', role: error === null ? undefined : 'alert' },
          }}
        />
        <Button
          variant="outlined"
          disabled={text.trim() === ''}
          loading={isReading}
          onClick={() => apply(text)}
          sx={{ flex: 'none', height: 40 }}
        >
          {t('connect.uri.apply')}
        </Button>
      </Stack>
      {read !== null && (
        <Alert severity="success" role="status" onClose={() => setRead(null)}>
          {t(read.hasPassword ? 'connect.uri.readWithPassword' : 'connect.uri.read')}
          {read.ignored.length > 0 && (
            <> {t('connect.uri.ignored', { names: formatList(read.ignored, i18n.language) })}</>
          )}
        </Alert>
      )}
    </Stack>
  );
}
