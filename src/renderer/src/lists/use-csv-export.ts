import { useTranslation } from 'react-i18next';
import type { AreaName, Contract, InputOf } from '../../../shared/contract/index';
import { useFileExport, type FileExport } from '../api/use-file-export';
import type { ProcedureOfKind } from '../api/use-procedure';
import { notify } from '../ui/notifications';

/** An area's CSV export; says where the file went, or why it did not. */
export function useCsvExport<Area extends AreaName, Name extends ProcedureOfKind<Area, 'file'>>(
  area: Area,
  procedure: Name,
): FileExport<InputOf<Contract[Area][Name]>> {
  const { t } = useTranslation();
  return useFileExport(area, procedure, {
    onSaved: (name) => notify('success', t('common.list.exported', { name })),
    onError: (error) => notify('error', [error.message, error.hint ?? ''].join(' ').trim()),
  });
}
