import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { FormText } from '../../forms/form-fields';
import type { Draft } from './draft';

/** Who one new person is. */
export function PersonFields(): ReactElement {
  const { t } = useTranslation();
  return (
    <>
      <FormText<Draft> name="email" label={t('users.edit.email')} help={t('users.create.emailHelp')} />
      <FormText<Draft>
        name="username"
        label={t('users.edit.username')}
        help={t('users.create.usernameHelp')}
      />
      <FormText<Draft> name="fullName" label={t('users.edit.fullName')} />
    </>
  );
}
