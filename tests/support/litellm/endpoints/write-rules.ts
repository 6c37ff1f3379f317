import { BudgetDurationError, isBudgetDuration, nextBudgetReset } from '../budget-duration';
import type { Call } from '../context';
import { licenceRefusal, proxyException } from '../http/failures';
import { objectOf } from '../http/body-reader';
import { timestampOf } from '../instants';
import type { JsonObject } from '../state';

/** Fields of team, user and key writes that need a licence; an empty list is refused too. */
const licensedFields = [
  ...['guardrails', 'policies', 'tags', 'prompts', 'logging', 'team_member_key_duration'],
  ...['secret_manager_settings', 'allowed_passthrough_routes', 'model_max_budget', 'auto_rotate'],
];

/** Limits per model live inside the metadata. */
const metadataLimits = ['model_tpm_limit', 'model_rpm_limit'] as const;

/** Throws the 403 for the first field that needs a licence. */
export function refuseLicensedFields(fields: JsonObject): void {
  const field = licensedFields.find((name) => fields[name] !== undefined && fields[name] !== null);
  if (field !== undefined) throw licenceRefusal(403, field);
}

/** The proxy's clock as LiteLLM writes it. */
export function nowText(call: Call): string {
  return timestampOf(call.proxy.now());
}

/**
 * When the budget starts again. A duration LiteLLM cannot compute is 500; a spelling outside the grammar is accepted by
 * older releases (and means every midnight) and refused with 400 by newer ones.
 */
export function budgetReset(call: Call, duration: string): string {
  if (call.profile.invalidBudgetDurationRefused && !isBudgetDuration(duration)) {
    const message = `Invalid budget_duration: ${duration}. Use <n> followed by s, m, h, d, w or mo.`;
    throw proxyException(400, message, 'bad_request_error', 'budget_duration');
  }
  try {
    return nextBudgetReset(duration, call.proxy.now());
  } catch (error) {
    if (!(error instanceof BudgetDurationError)) throw error;
    throw proxyException(500, `Internal Server Error, ${error.message}`, 'internal_server_error');
  }
}

/** The reset date that goes with a sent `budget_duration`; nothing when none was sent. */
export function resetFields(call: Call, fields: JsonObject): JsonObject {
  const duration = fields.budget_duration;
  if (duration === undefined) return {};
  return { budget_reset_at: typeof duration === 'string' ? budgetReset(call, duration) : null };
}

/** The metadata after a write: replaced whole when sent, with per-model limits put into it. */
export function writtenMetadata(fields: JsonObject, before: JsonObject): JsonObject {
  const base = fields.metadata === undefined ? before : objectOf(fields, 'metadata');
  const limits = metadataLimits.filter((name) => fields[name] !== undefined);
  return { ...base, ...Object.fromEntries(limits.map((name) => [name, fields[name]])) };
}

/** What a deleted row keeps about its deletion. */
export function deletionMark(call: Call): {
  deleted_at: string;
  deleted_by: string | null;
  deleted_by_api_key: string;
  litellm_changed_by: string | null;
} {
  return {
    deleted_at: nowText(call),
    deleted_by: call.caller.userId,
    deleted_by_api_key: call.caller.token,
    litellm_changed_by: call.recorded.changedBy,
  };
}
