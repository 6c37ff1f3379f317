/** Whether a text has what may be a LiteLLM key, or the beginning of one: "sk-", but not within a word ("desk-1"). */
export function mayHoldKey(text: string): boolean {
  return /(?<![a-z0-9])sk-/i.test(text);
}
