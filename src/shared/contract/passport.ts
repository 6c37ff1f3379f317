import * as z from 'zod';

/**
 * Which database this is, recognised by its catalogue and never by a version number (`docs/schema.md`): the schema
 * that this console migrates, the schema document's tables made by something else, LiteMaaS's own in one of its
 * generations, LiteLLM's, something else, or nothing yet.
 */
export const passport = z.object({
  kind: z.enum(['empty', 'console', 'document', 'litemaas', 'litellm', 'other']),
  /** For LiteMaaS's own: the oldest release whose schema has everything that is there, such as `0.1.1`. */
  generation: z.string().nullable(),
  /** LiteLLM's tables are there too: it shares the database. */
  holdsLitellm: z.boolean(),
  /** One plain sentence for a person, and what the screens can do there. */
  statement: z.string(),
});
export type Passport = z.infer<typeof passport>;
