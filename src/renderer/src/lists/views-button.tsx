import BookmarkIcon from '@mui/icons-material/BookmarkBorder';
import CheckIcon from '@mui/icons-material/Check';
import DeleteIcon from '@mui/icons-material/DeleteOutlined';
import EditIcon from '@mui/icons-material/EditOutlined';
import StarIcon from '@mui/icons-material/Star';
import StarBorderIcon from '@mui/icons-material/StarBorder';
import {
  Box,
  Button,
  IconButton,
  Popover,
  Stack,
  TextField,
  ToggleButton,
  Tooltip,
  Typography,
} from '@mui/material';
import { useEffect, useRef, useState, type ReactElement, type RefObject } from 'react';
import { flushSync } from 'react-dom';
import { useTranslation } from 'react-i18next';
import { usePageAction } from '../ui/page-actions';
import { NameText } from '../ui/name-text';
import { longestViewName, type SavedView } from './saved-views';
import type { ViewsHandle } from './use-saved-views';

/** Saved views of a list: to save the current one, and to apply, rename, delete one or make it the default. */
export function ViewsButton({ views }: { readonly views: ViewsHandle }): ReactElement {
  const { t } = useTranslation();
  const button = useRef<HTMLButtonElement>(null);
  const [isOpen, setIsOpen] = useState(false);
  /** The view that is given another name; null while the current one may be saved. */
  const [renaming, setRenaming] = useState<string | null>(null);
  usePageAction('saveView', () => setIsOpen(true));
  const close = (): void => {
    setIsOpen(false);
    setRenaming(null);
  };
  const { saved, current } = views;
  const lines = useRef<HTMLUListElement>(null);
  const nameField = useRef<HTMLInputElement>(null);
  /** The keyboard goes on at the line that took its place, or at the name when none is left. */
  const remove = (name: string): void => {
    const place = saved.views.findIndex((view) => view.name === name);
    flushSync(() => views.remove(name));
    const left = lines.current?.children ?? [];
    const next = left[Math.min(place, left.length - 1)]?.querySelector('button');
    (next ?? nameField.current)?.focus();
  };
  const taken = saved.views.map(({ name }) => name);
  return (
    <>
      <Tooltip title={t('lists.views.title')}>
        <IconButton
          ref={button}
          aria-label={
            current === null ? t('lists.views.title') : t('lists.views.titleCurrent', { name: current.name })
          }
          aria-haspopup="dialog"
          aria-expanded={isOpen}
          color={current === null ? 'default' : 'primary'}
          onClick={() => setIsOpen(true)}
        >
          <BookmarkIcon fontSize="small" />
        </IconButton>
      </Tooltip>
      <Popover
        open={isOpen}
        anchorEl={() => button.current}
        onClose={close}
        anchorOrigin={{ vertical: 'bottom', horizontal: 'right' }}
        transformOrigin={{ vertical: 'top', horizontal: 'right' }}
        slotProps={{
          paper: {
            role: 'dialog',
            'aria-label': t('lists.views.title'),
            variant: 'outlined',
            sx: { width: 360, maxWidth: '100%', p: 2 },
          },
        }}
      >
        <Typography variant="h3" component="h2" sx={{ mb: 0.5 }}>
          {t('lists.views.title')}
        </Typography>
        {saved.views.length === 0 ? (
          <Typography variant="body2" sx={{ color: 'text.secondary', mb: 1.5 }}>
            {t('lists.views.none')}
          </Typography>
        ) : (
          <Stack component="ul" ref={lines} sx={{ m: 0, mb: 1.5, p: 0, listStyle: 'none' }}>
            {saved.views.map((view) => (
              <ViewLine
                key={view.name}
                view={view}
                views={views}
                onApplied={close}
                onRename={() => setRenaming(view.name)}
                onRemove={() => remove(view.name)}
              />
            ))}
          </Stack>
        )}
        {renaming === null ? (
          <NameForm
            key="save"
            initial={current?.name ?? ''}
            label={t('lists.views.name')}
            submitLabel={t('lists.views.save')}
            help={t('lists.views.help')}
            taken={taken}
            inputRef={nameField}
            onSubmit={(name) => {
              if (views.save(name)) close();
            }}
          />
        ) : (
          <NameForm
            key={`rename ${renaming}`}
            initial={renaming}
            label={t('lists.views.newName', { name: renaming })}
            submitLabel={t('lists.views.rename')}
            taken={taken.filter((name) => name !== renaming)}
            onSubmit={(name) => {
              views.rename(renaming, name);
              setRenaming(null);
            }}
            onCancel={() => setRenaming(null)}
          />
        )}
      </Popover>
    </>
  );
}

interface ViewLineProps {
  readonly view: SavedView;
  readonly views: ViewsHandle;
  readonly onApplied: () => void;
  readonly onRename: () => void;
  readonly onRemove: () => void;
}

function ViewLine({ view, views, onApplied, onRename, onRemove }: ViewLineProps): ReactElement {
  const { t } = useTranslation();
  const { name } = view;
  const isCurrent = views.current?.name === name;
  const isDefault = views.saved.defaultName === name;
  const [isAsking, setIsAsking] = useState(false);
  const deleteButton = useRef<HTMLButtonElement>(null);
  const wasAsking = useRef(false);
  useEffect(() => {
    if (wasAsking.current && !isAsking) deleteButton.current?.focus();
    wasAsking.current = isAsking;
  }, [isAsking]);
  if (isAsking) {
    return (
      <Box component="li" sx={{ display: 'flex', alignItems: 'center', gap: 0.5, pl: 1 }}>
        <Typography
          variant="body2"
          role="status"
          dir="auto"
          sx={{ flex: 1, minWidth: 0, overflowWrap: 'anywhere' }}
        >
          {t('lists.views.askDelete', { name })}
        </Typography>
        <Button size="small" color="error" onClick={onRemove}>
          {t('lists.views.delete')}
        </Button>
        <Button autoFocus size="small" onClick={() => setIsAsking(false)}>
          {t('common.cancel')}
        </Button>
      </Box>
    );
  }
  return (
    <Box component="li" sx={{ display: 'flex', alignItems: 'center', gap: 0.25 }}>
      <Button
        color="inherit"
        size="small"
        aria-current={isCurrent ? 'true' : undefined}
        startIcon={isCurrent ? <CheckIcon /> : <Box component="span" sx={{ width: 18 }} />}
        onClick={() => {
          views.apply(view);
          onApplied();
        }}
        sx={{ flex: 1, minWidth: 0, justifyContent: 'flex-start', fontWeight: isCurrent ? 650 : 500 }}
      >
        <NameText>{name}</NameText>
      </Button>
      <Tooltip title={t(isDefault ? 'lists.views.isDefault' : 'lists.views.makeDefault')}>
        <ToggleButton
          value="default"
          size="small"
          selected={isDefault}
          aria-label={t('lists.views.defaultOf', { name })}
          onChange={() => views.setDefault(isDefault ? null : name)}
          sx={{ border: 0, p: 0.625 }}
        >
          {isDefault ? <StarIcon sx={{ fontSize: 18 }} /> : <StarBorderIcon sx={{ fontSize: 18 }} />}
        </ToggleButton>
      </Tooltip>
      <Tooltip title={t('lists.views.rename')}>
        <IconButton size="small" aria-label={t('lists.views.renameOf', { name })} onClick={onRename}>
          <EditIcon sx={{ fontSize: 18 }} />
        </IconButton>
      </Tooltip>
      <Tooltip title={t('lists.views.delete')}>
        <IconButton
          ref={deleteButton}
          size="small"
          aria-label={t('lists.views.deleteOf', { name })}
          onClick={() => setIsAsking(true)}
        >
          <DeleteIcon sx={{ fontSize: 18 }} />
        </IconButton>
      </Tooltip>
    </Box>
  );
}

interface NameFormProps {
  readonly initial: string;
  readonly label: string;
  readonly submitLabel: string;
  readonly help?: string;
  /** Names that other views have: it asks before one of them is replaced. */
  readonly taken: readonly string[];
  readonly inputRef?: RefObject<HTMLInputElement | null>;
  readonly onSubmit: (name: string) => void;
  readonly onCancel?: () => void;
}

function NameForm(props: NameFormProps): ReactElement {
  const { initial, label, submitLabel, help, taken, inputRef, onSubmit, onCancel } = props;
  const { t } = useTranslation();
  const [name, setName] = useState(initial);
  const [isAsking, setIsAsking] = useState(false);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim() === '') return;
        if (!isAsking && taken.includes(name.trim())) setIsAsking(true);
        else onSubmit(name);
      }}
    >
      <Stack direction="row" sx={{ gap: 1, alignItems: 'flex-start' }}>
        <TextField
          autoFocus
          fullWidth
          label={label}
          value={name}
          {...(inputRef === undefined ? {} : { inputRef })}
          helperText={isAsking ? t('lists.views.askReplace', { name: name.trim() }) : help}
          onChange={(event) => {
            setName(event.target.value);
            setIsAsking(false);
          }}
          slotProps={{
            htmlInput: { maxLength: longestViewName, autoComplete: 'off', dir: 'auto' },
            formHelperText: { 'aria-live': 'polite' },
          }}
        />
        <Button
          type="submit"
          variant="contained"
          disabled={name.trim() === ''}
          sx={{ flex: 'none', mt: 0.25 }}
        >
          {isAsking ? t('lists.views.replace') : submitLabel}
        </Button>
        {onCancel !== undefined && (
          <Button onClick={onCancel} sx={{ flex: 'none', mt: 0.25 }}>
            {t('common.cancel')}
          </Button>
        )}
      </Stack>
    </form>
  );
}
