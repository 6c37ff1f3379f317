import { Button, Stack } from '@mui/material';
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { SuperuserChoice } from '../connect/superuser-choice';
import type { SuperuserRefusal } from '../connect/superuser-refusal';

/** The second step for a workspace whose role was refused: who is meant, what it risks, and opening it nevertheless. */
export function SuperuserForm(props: {
  readonly refusal: SuperuserRefusal;
  readonly isBusy: boolean;
  readonly onAccept: () => void;
}): ReactElement {
  const { t } = useTranslation();
  const [isChosen, setIsChosen] = useState(false);
  return (
    <Stack sx={{ gap: 1, mt: 1.5 }}>
      <SuperuserChoice refusal={props.refusal} isChosen={isChosen} onChange={setIsChosen} />
      <Button
        variant="outlined"
        color="warning"
        disabled={!isChosen || props.isBusy}
        onClick={props.onAccept}
        sx={{ alignSelf: 'flex-start' }}
      >
        {t('setup.known.asSuperuser')}
      </Button>
    </Stack>
  );
}
