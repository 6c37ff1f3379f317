import type { AreaHandlers } from '../router/handlers';
import { auditFacets } from './audit-facets';
import { exportAudit } from './export-audit';
import { getAudit } from './get-audit';
import { listAudit } from './list-audit';

export const auditHandlers: AreaHandlers<'audit'> = {
  list: listAudit,
  get: getAudit,
  facets: auditFacets,
  exportCsv: exportAudit,
};
