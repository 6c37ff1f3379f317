import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { fieldName } from '../../review/field-values';
import { FormText } from '../../forms/form-fields';
import type { Draft } from './draft';

/** Who one new person is. */
export function PersonFields(): ReactElement {
  const { t } = useTranslation();
  return (
    <>
      <FormText<Draft> name="email" label={fieldName(t, 'email')} help={t('users.create.emailHelp')} />
      <FormText<Draft>
        name="username"
        label={fieldName(t, 'username')}
        help={t('users.create.usernameHelp')}
      />
      <FormText<Draft> name="fullName" label={fieldName(t, 'fullName')} />
    </>
  );
}
