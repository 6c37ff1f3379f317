import { useEffect, useEffectEvent, useState } from 'react';
import { useForm, useWatch, type UseFormReturn } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import type { ConnectionReport } from '../../../shared/contract/workspace';
import { useCancellableCall, type CallState } from '../api/use-cancellable-call';
import { checkValues, serverFields } from './check-values';
import { choosesSuperuser, toConnection, toPassword, type ConnectionValues } from './connection-values';

export interface ConnectionTest {
  readonly outcome: CallState<ConnectionReport>;
  /** Tests what stands in the form, if that is complete. @param workspaceId whose stored password may be meant. */
  start(workspaceId?: string): void;
  /** Stops a running test, in main too, and forgets the result of an earlier one. */
  clear(): void;
}

interface ConnectionForm {
  readonly form: UseFormReturn<ConnectionValues>;
  readonly values: ConnectionValues;
  readonly test: ConnectionTest;
  /** How the workspace is called when no name is typed; empty until its place is known. */
  readonly suggestedName: string;
}

/**
 * The form's state and the test of its connection.
 * @param known what is kept now. Where it changes meanwhile, fields that nobody touched follow.
 */
export function useConnectionForm(known: ConnectionValues, parts: 'everything' | 'settings'): ConnectionForm {
  const { t } = useTranslation();
  const form = useForm<ConnectionValues>({
    defaultValues: known,
    values: known,
    resetOptions: { keepDirtyValues: true },
    resolver: checkValues(parts),
  });
  // Every field has a default, so none is missing.
  const values = useWatch({ control: form.control }) as ConnectionValues;
  const place = values.way === 'socket' ? values.socketFolder : values.host;
  const isPlaced = place !== '' && values.database !== '';
  return {
    form,
    values,
    test: useConnectionTest(form, values),
    suggestedName: isPlaced ? t('connect.settings.suggestedName', { database: values.database, place }) : '',
  };
}

/** A result stands for the connection it was made with: it goes once another one is in the form. */
function useConnectionTest(form: UseFormReturn<ConnectionValues>, values: ConnectionValues): ConnectionTest {
  const { current, run, cancel } = useCancellableCall('workspace', 'test');
  const [tested, setTested] = useState<string | null>(null);
  const isMeant = tested !== null && tested === testedPart(values);
  const stop = useEffectEvent(cancel);
  useEffect(() => {
    if (!isMeant) stop();
  }, [isMeant]);
  return {
    outcome: isMeant ? current : { state: 'idle' },
    start: (workspaceId) =>
      void form.trigger([...serverFields], { shouldFocus: true }).then((isComplete) => {
        if (!isComplete) return;
        const now = form.getValues();
        setTested(testedPart(now));
        run({
          connection: toConnection(now),
          ...toPassword(now),
          acceptSuperuser: choosesSuperuser(now),
          ...(workspaceId === undefined ? {} : { workspaceId }),
        });
      }),
    clear: () => setTested(null),
  };
}

function testedPart(values: ConnectionValues): string {
  return JSON.stringify([toConnection(values), toPassword(values)]);
}
