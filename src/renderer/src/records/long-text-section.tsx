import { Box, Typography } from '@mui/material';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { LongText } from '../../../shared/contract/record-parts';
import { CopyButton } from '../ui/copy-button';
import { formatCount } from '../ui/format';
import { Section } from '../ui/section';

interface LongTextSectionProps {
  readonly title: string;
  readonly value: LongText;
}

/** A longer text holds something, blanks at least. */
const mostOfNothing = 1_000;

/** JSON or text that may be long: as it stands, scrolled in its own box, cut where main has cut it. */
export function LongTextSection({ title, value }: LongTextSectionProps): ReactElement {
  const { t } = useTranslation();
  const isEmpty =
    ['', 'null', '{}'].includes(value.text.slice(0, mostOfNothing).replace(/\s/g, '')) &&
    value.text.length < mostOfNothing;
  return (
    <Section
      title={title}
      actions={isEmpty ? undefined : <CopyButton value={value.text} label={t('records.longText.copy')} />}
    >
      {isEmpty ? (
        <Typography variant="body2" sx={{ color: 'text.secondary' }}>
          {t('records.longText.empty')}
        </Typography>
      ) : (
        <LongTextBox title={title} value={value} />
      )}
    </Section>
  );
}

/** The text itself, without a section of its own. */
export function LongTextBox({ title, value }: LongTextSectionProps): ReactElement {
  const { t } = useTranslation();
  return (
    <>
      <Box
        component="pre"
        tabIndex={0}
        role="region"
        aria-label={title}
        dir="auto"
        sx={({ vars }) => ({
          m: 0,
          p: 1.5,
          maxHeight: 320,
          overflow: 'auto',
          borderRadius: 1,
          fontSize: '0.78125rem',
          lineHeight: 1.5,
          whiteSpace: 'pre-wrap',
          overflowWrap: 'anywhere',
          backgroundColor: vars?.palette.background.default,
        })}
      >
        {value.text}
      </Box>
      {value.isCut && (
        <Typography variant="caption" component="p" sx={{ color: 'text.secondary', mt: 1 }}>
          {t('records.longText.cut', {
            shown: formatCount(value.text.length),
            all: formatCount(value.characters),
          })}
        </Typography>
      )}
    </>
  );
}
