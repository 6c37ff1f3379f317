import type { WorkspaceCall } from '../router/handlers';

/**
 * Tells LiteLLM what a batch left waiting in the outbox, as far as that is possible now. Never rejects: what could not be
 * told goes on waiting, and says why.
 * @returns how many objects of the batch LiteLLM has heard of.
 */
export type SendNews = (batchId: string, call: WorkspaceCall) => Promise<number>;
