import type { ListedArea } from './definition';

/** The audit trail: entries are listed like records, and never edited. */
export const auditDefinition = {
  area: 'audit',
  path: 'audit',
  sortFields: ['createdAt'],
  order: { field: 'createdAt', direction: 'desc' },
  filters: {
    action: { kind: 'text', longest: 100 },
    /** In any letter case. */
    resourceType: { kind: 'text', longest: 50 },
    userId: { kind: 'record', of: 'user' },
    /** Days in the reporting zone, both included. */
    from: { kind: 'day' },
    to: { kind: 'day' },
    /** Shows each authenticated request too (the action API_ACCESS), which is left out otherwise. */
    withAccesses: { kind: 'boolean' },
    resourceId: { kind: 'text', longest: 255, byLink: true },
    osUser: { kind: 'text', longest: 255, byLink: true },
    batchId: { kind: 'text', longest: 255, byLink: true },
  },
} as const satisfies ListedArea;
