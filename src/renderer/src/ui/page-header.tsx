import ArrowBackIcon from '@mui/icons-material/ArrowBack';
import { Box, Link, Stack, Typography } from '@mui/material';
import { useEffect, useRef, type ReactElement, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link as RouterLink, useNavigationType } from 'react-router';
import { listAddress } from './list-return';
import type { BackState } from './use-row-return';

interface PageHeaderProps {
  readonly title: string;
  readonly description?: ReactNode;
  /** The list a record belongs to. */
  readonly back?: { readonly to: string; readonly label: string };
  /** States beside the title. */
  readonly chips?: ReactNode;
  readonly actions?: ReactNode;
}

let isFirstPage = true;

/**
 * A page's one h1. Names the window, and takes the focus when the person came from another page, so that keyboard
 * and screen reader start where the content does.
 */
export function PageHeader({ title, description, back, chips, actions }: PageHeaderProps): ReactElement {
  const { t } = useTranslation();
  const heading = useRef<HTMLHeadingElement>(null);
  const navigation = useNavigationType();
  useEffect(() => {
    document.title = t('app.windowTitle', { page: title });
  }, [title, t]);
  useEffect(() => {
    if (!isFirstPage) heading.current?.focus({ preventScroll: (navigation as string) === 'POP' });
    isFirstPage = false;
    // Once per page, not when its title arrives.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);
  return (
    <Box component="header" sx={{ mb: 2.5 }}>
      {back !== undefined && (
        <Link
          component={RouterLink}
          to={listAddress(back.to)}
          state={{ isBack: true } satisfies BackState}
          sx={{ display: 'inline-flex', alignItems: 'center', gap: 0.5, mb: 0.75, fontSize: '0.84375rem' }}
        >
          <ArrowBackIcon sx={{ fontSize: 16 }} aria-hidden />
          {t('common.backTo', { label: back.label })}
        </Link>
      )}
      <Stack direction="row" sx={{ alignItems: 'flex-start', gap: 2, flexWrap: 'wrap' }}>
        <Box sx={{ flex: '1 1 320px', minWidth: 0 }}>
          <Stack direction="row" sx={{ alignItems: 'center', columnGap: 1.5, rowGap: 0.5, flexWrap: 'wrap' }}>
            <Typography variant="h1" ref={heading} tabIndex={-1} dir="auto" sx={{ overflowWrap: 'anywhere' }}>
              {title}
            </Typography>
            {chips}
          </Stack>
          {description !== undefined && (
            <Typography
              variant="body2"
              component="div"
              sx={{ color: 'text.secondary', mt: 0.5, maxWidth: 820, overflowWrap: 'anywhere' }}
            >
              {description}
            </Typography>
          )}
        </Box>
        {actions !== undefined && (
          <Stack direction="row" sx={{ gap: 1, alignItems: 'center', flexWrap: 'wrap' }}>
            {actions}
          </Stack>
        )}
      </Stack>
    </Box>
  );
}
