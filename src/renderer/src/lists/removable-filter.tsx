import CloseIcon from '@mui/icons-material/Close';
import { Button } from '@mui/material';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';

interface RemovableFilterProps {
  readonly label: string;
  readonly onRemove: () => void;
}

/** A filter that a link set and no field offers: it can be seen and taken away. */
export function RemovableFilter({ label, onRemove }: RemovableFilterProps): ReactElement {
  const { t } = useTranslation();
  return (
    <Button
      variant="outlined"
      color="inherit"
      endIcon={<CloseIcon />}
      aria-label={t('records.removeFilter', { label })}
      onClick={({ currentTarget }) => {
        // It goes with the filter: the keyboard goes on at the first of what else narrows the list.
        currentTarget.closest('[role="search"]')?.querySelector<HTMLElement>('input, button')?.focus();
        onRemove();
      }}
    >
      {label}
    </Button>
  );
}
