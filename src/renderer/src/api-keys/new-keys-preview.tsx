import { Alert, Box, Button, Stack, Typography } from '@mui/material';
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { PlannedKey } from '../../../shared/contract/api-keys';
import type { Contract, InputOf } from '../../../shared/contract/index';
import type { ApiError } from '../api/api-error';
import { useFileExport } from '../api/use-file-export';
import { useProcedureQuery } from '../api/use-procedure';
import type { PanelHandle } from '../forms/edit-panel';
import { PanelForm } from '../forms/panel-form';
import { formatCount } from '../ui/format';
import { notify } from '../ui/notifications';
import { ErrorState, LoadingLines } from '../ui/states';

const shownPeople = 20;

interface NewKeysPreviewProps extends PanelHandle {
  readonly wish: InputOf<Contract['apiKeys']['createMany']>;
  readonly onBack: () => void;
  readonly onDone: (() => void) | undefined;
}

/** Who gets a key and who can't, and the button that asks for the file. */
export function NewKeysPreview(props: NewKeysPreviewProps): ReactElement {
  const { wish, onBack, onDone, cancel, close } = props;
  const { t } = useTranslation();
  const [failure, setFailure] = useState<ApiError | null>(null);
  const preview = useProcedureQuery('apiKeys', 'previewCreateMany', wish, { staleTimeMs: 0 });
  const file = useFileExport('apiKeys', 'createMany', {
    onSaved: (name) => {
      notify('success', t('apiKeys.many.saved', { name }));
      close();
      onDone?.();
    },
    onError: setFailure,
  });
  const people = preview.data?.people ?? [];
  const able = people.filter(({ obstacle }) => obstacle === null);
  const counted = { count: able.length, formatted: formatCount(able.length) };
  const maySubmit = able.length > 0 && !file.busy;
  return (
    <PanelForm
      submitLabel={
        file.busy
          ? t('apiKeys.many.making')
          : able.length > 0
            ? t('apiKeys.many.make', counted)
            : t('apiKeys.many.none')
      }
      maySubmit={maySubmit}
      onSubmit={() => {
        if (!maySubmit) return;
        setFailure(null);
        file.run(wish);
      }}
      onCancel={cancel}
    >
      <Stack sx={{ gap: 2, px: 1.5 }}>
        {preview.error !== null && (
          <ErrorState
            error={preview.error}
            title={t('apiKeys.many.previewFailed')}
            onRetry={() => void preview.refetch()}
          />
        )}
        {preview.isPending && <LoadingLines lines={4} />}
        {preview.data !== undefined && (
          <>
            <Typography role="status" sx={{ fontWeight: 600 }}>
              {able.length > 0 ? t('apiKeys.many.ready', counted) : t('apiKeys.many.none')}
            </Typography>
            <Examples
              lines={able.map(({ id, username, alias }) => ({ id, text: `${username}: ${alias}` }))}
            />
            <Refused people={people} />
            <Typography variant="body2">{t('apiKeys.many.costs')}</Typography>
            <Alert severity="warning">{t('apiKeys.many.file')}</Alert>
          </>
        )}
        {failure !== null && <ErrorState error={failure} title={t('apiKeys.many.failed')} />}
        <Box>
          {file.busy ? (
            <Button
              onClick={() => {
                file.cancel();
                notify('info', t('apiKeys.many.stopped'));
              }}
            >
              {t('apiKeys.many.stop')}
            </Button>
          ) : (
            <Button onClick={onBack}>{t('apiKeys.many.back')}</Button>
          )}
        </Box>
      </Stack>
    </PanelForm>
  );
}

function Refused({ people }: { readonly people: readonly PlannedKey[] }): ReactElement | null {
  const { t } = useTranslation();
  const lines = people.flatMap(({ id, username, obstacle }) =>
    obstacle === null ? [] : [{ id, text: `${username}: ${obstacle}` }],
  );
  if (lines.length === 0) return null;
  return (
    <Alert severity="warning">
      {t('apiKeys.many.refused', { count: lines.length, formatted: formatCount(lines.length) })}
      <Examples lines={lines} />
    </Alert>
  );
}

function Examples({
  lines,
}: {
  readonly lines: readonly { readonly id: string; readonly text: string }[];
}): ReactElement {
  const { t } = useTranslation();
  const count = lines.length - shownPeople;
  return (
    <Box component="ul" sx={{ m: 0, pl: 2.5, typography: 'body2', overflowWrap: 'anywhere' }}>
      {lines.slice(0, shownPeople).map(({ id, text }) => (
        <li key={id}>
          <bdi>{text}</bdi>
        </li>
      ))}
      {count > 0 && <li>{t('apiKeys.many.more', { count, formatted: formatCount(count) })}</li>}
    </Box>
  );
}
