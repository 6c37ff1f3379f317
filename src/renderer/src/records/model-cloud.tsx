import { Box, Tooltip, Typography } from '@mui/material';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Reference } from '../../../shared/contract/values';
import { formatCount } from '../ui/format';
import { RecordLink } from './record-link';
import { Tag } from '../ui/tag';

interface ModelCloudProps {
  /** `isKnown` false: a name in LiteLLM that is no model of ours. */
  readonly models: readonly (Reference & { readonly isKnown?: boolean })[];
  /** How many there are in all. */
  readonly count: number;
}

/** Models as links to their pages, in as many lines as they need. */
export function ModelCloud({ models, count }: ModelCloudProps): ReactElement {
  const { t } = useTranslation();
  return (
    <>
      <Box
        component="ul"
        sx={{ m: 0, p: 0, listStyle: 'none', display: 'flex', columnGap: 2, rowGap: 0.75, flexWrap: 'wrap' }}
      >
        {models.map((model, place) => (
          <Box component="li" key={`${place} ${model.id}`} sx={{ minWidth: 0, maxWidth: '100%' }}>
            {model.isKnown === false ? (
              <Tooltip title={t('records.unknownModelHelp')}>
                <span>
                  <Tag>{model.label}</Tag>
                </span>
              </Tooltip>
            ) : (
              <RecordLink area="models" reference={model} />
            )}
          </Box>
        ))}
      </Box>
      {count > models.length && (
        <Typography variant="caption" component="p" sx={{ color: 'text.secondary', mt: 1 }}>
          {t('records.moreModels', { shown: formatCount(models.length), all: formatCount(count) })}
        </Typography>
      )}
    </>
  );
}
