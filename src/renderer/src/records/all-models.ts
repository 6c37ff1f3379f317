/** Whether a list of models means all of them: an empty one does, and LiteLLM's own word for it. */
export function areAllModels(models: readonly string[]): boolean {
  return models.length === 0 || models.includes('all-proxy-models');
}
