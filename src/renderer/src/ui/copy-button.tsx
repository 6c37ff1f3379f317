import CheckIcon from '@mui/icons-material/Check';
import ContentCopyIcon from '@mui/icons-material/ContentCopy';
import { IconButton, Tooltip } from '@mui/material';
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { notify } from './notifications';

const confirmedForMs = 1_500;

/** Puts a value on the clipboard; `label` names it to screen readers ("user id"). */
export function CopyButton({
  value,
  label,
}: {
  readonly value: string;
  readonly label: string;
}): ReactElement {
  const { t } = useTranslation();
  const [isCopied, setIsCopied] = useState(false);
  const copy = (): void => {
    navigator.clipboard.writeText(value).then(
      () => {
        setIsCopied(true);
        setTimeout(() => setIsCopied(false), confirmedForMs);
      },
      () => notify('error', t('common.copyFailed')),
    );
  };
  const text = isCopied ? t('common.copied') : t('common.copyValue', { label });
  return (
    <Tooltip title={text}>
      <IconButton size="small" aria-label={text} onClick={copy} sx={{ p: 0.375 }}>
        {isCopied ? <CheckIcon sx={{ fontSize: 15 }} /> : <ContentCopyIcon sx={{ fontSize: 15 }} />}
      </IconButton>
    </Tooltip>
  );
}
