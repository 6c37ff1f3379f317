import ExpandMoreIcon from '@mui/icons-material/ExpandMore';
import { Box, Button, Collapse, Stack, Typography } from '@mui/material';
import { useId, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { HealthFinding, RepairRequest } from '../../../shared/contract/health';
import { FactList } from './fact-list';
import { SeverityChip } from './severity';
import { SqlText } from '../ui/sql-text';

interface FindingItemProps {
  readonly finding: HealthFinding;
  readonly canWrite: boolean;
  readonly onRepair: (request: RepairRequest) => void;
}

/** One finding: what it is, what it means, the evidence folded away, and its repair. */
export function FindingItem({ finding, canWrite, onRepair }: FindingItemProps): ReactElement {
  const { t } = useTranslation();
  const [isOpen, setIsOpen] = useState(false);
  const id = useId();
  const { title, repair } = finding;
  return (
    <Box
      component="li"
      sx={({ vars }) => ({ px: 2.5, py: 1.5, borderTop: `1px solid ${vars?.palette.divider}` })}
    >
      <Stack direction="row" sx={{ gap: 2, alignItems: 'flex-start', flexWrap: 'wrap' }}>
        <Box sx={{ width: 84, flex: 'none', pt: 0.125 }}>
          <SeverityChip severity={finding.severity} />
        </Box>
        <Box sx={{ flex: '1 1 320px', minWidth: 0 }}>
          <Typography variant="body2" component="h3" sx={{ fontWeight: 650, overflowWrap: 'anywhere' }}>
            <bdi>{title}</bdi>
          </Typography>
          <Typography
            variant="body2"
            sx={{ color: 'text.secondary', mt: 0.25, maxWidth: 820, overflowWrap: 'anywhere' }}
          >
            {finding.meaning}
          </Typography>
        </Box>
        <Stack direction="row" sx={{ gap: 1, alignItems: 'center' }}>
          <Button
            size="small"
            color="inherit"
            aria-expanded={isOpen}
            aria-controls={id}
            aria-label={t('health.finding.evidenceOf', { title })}
            onClick={() => setIsOpen(!isOpen)}
            endIcon={<ExpandMoreIcon sx={{ transform: isOpen ? 'rotate(180deg)' : 'none' }} />}
          >
            {t('health.finding.showEvidence')}
          </Button>
          {repair !== null && (
            <Button
              size="small"
              variant="outlined"
              aria-label={t('health.finding.repairOf', { title })}
              onClick={() => onRepair(repair)}
            >
              {t(canWrite ? 'health.finding.repair' : 'health.finding.preview')}
            </Button>
          )}
        </Stack>
      </Stack>
      <Collapse in={isOpen} id={id} unmountOnExit>
        <Stack sx={{ gap: 1.5, pt: 1.5, pl: { xs: 0, md: '100px' } }}>
          <FactList facts={finding.facts} />
          <SqlText
            label={t('health.finding.sql')}
            fullLabel={t('health.finding.sqlOf', { title })}
            sql={finding.evidenceSql}
          />
        </Stack>
      </Collapse>
    </Box>
  );
}
