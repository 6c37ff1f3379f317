/**
 * Rows of the trap list that tables, triggers and views can neither cause nor prevent. They have no test beside these
 * and no row in docs/schema.md; what keeps them is named here.
 */
export const notAboutTheSchema: Readonly<Record<string, string>> = {
  C7: 'LiteLLM serves a key whose subscription is suspended here: only a call to the proxy can stop it. The schema records the suspension (C5).',
  F7: 'An empty list of models means all of them, in the document and in LiteLLM alike. That "all" is an explicit choice and an empty selection is never saved is a rule of forms and commands; the overview reports keys without models.',
  F8: 'What a budget duration means depends on the version of the proxy. Any word can be stored; reading and writing it belongs to the mapping to and from LiteLLM.',
  F9: 'Budget 0 is none and NULL is unlimited: both can be stored. Not mixing them up is a rule for the code that reads them.',
  F10: 'Whether a user exists in LiteLLM is asked of LiteLLM, not concluded from a team. The schema keeps the Default Team and its membership only because LiteMaaS expects them.',
};
