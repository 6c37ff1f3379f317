import { useEffect } from 'react';
import { useForm, useWatch, type UseFormReturn } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { checkValues, serverFields } from './check-values';
import { toConnection, toPassword, type ConnectionValues } from './connection-values';
import { useConnectionTest, type ConnectionTest } from './use-connection-test';

interface ConnectionForm {
  readonly form: UseFormReturn<ConnectionValues>;
  readonly values: ConnectionValues;
  readonly test: ConnectionTest;
  /** Tests what stands in the form, if that is complete. @param workspaceId whose stored password may be meant. */
  startTest(workspaceId?: string): void;
  /** How the workspace is called when no name is typed; empty until its place is known. */
  readonly suggestedName: string;
}

/**
 * The form's state and the test of its connection, whose result goes once another connection stands there.
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
  const test = useConnectionTest();
  const { clear, start } = test;

  const tested = JSON.stringify([toConnection(values), toPassword(values)]);
  useEffect(() => clear(), [tested, clear]);

  const place = values.way === 'socket' ? values.socketFolder : values.host;
  const isPlaced = place !== '' && values.database !== '';
  return {
    form,
    values,
    test,
    startTest: (workspaceId) =>
      void form.trigger([...serverFields], { shouldFocus: true }).then((isComplete) => {
        const current = form.getValues();
        if (!isComplete) return;
        start({
          connection: toConnection(current),
          ...toPassword(current),
          ...(workspaceId === undefined ? {} : { workspaceId }),
        });
      }),
    suggestedName: isPlaced ? t('connect.settings.suggestedName', { database: values.database, place }) : '',
  };
}
