import * as z from 'zod';
import { plainName } from './plain-name';
import { redact } from './redact';

/** Letters of any script: `zoë@example.org` is an address. Labels are told apart by the dots between them. */
const shape = /^[^\s\p{C}@"(),:;<>[\]\\]{1,64}@(?:[\p{L}\p{M}\p{N}-]{1,63}\.)+[\p{L}\p{M}\p{N}-]{2,63}$/u;
const misplaced = ['..', '.@', '@-', '-.', '.-'];

/** Whether a text, in the form in which names are kept, is an e-mail address. */
export function isEmailAddress(text: string): boolean {
  return (
    shape.test(text) &&
    !text.startsWith('.') &&
    !text.endsWith('-') &&
    !/\.\d+$/.test(text) &&
    misplaced.every((signs) => !text.includes(signs))
  );
}

/** An address that a person types, in the form in which it is kept. */
export const emailAddress = z
  .string()
  .overwrite(plainName)
  .max(255)
  .refine(isEmailAddress, 'an e-mail address');

/** A name that a person types, in the form in which it is kept: never only signs that nobody sees. */
export const typedName = z.string().overwrite(plainName).min(1).max(255);

/**
 * A name that may stay in journal and audit trail, which hold no key and no password.
 * @param longest in characters.
 */
export const nameWithoutSecret = (longest: number) =>
  z
    .string()
    .overwrite(plainName)
    .min(1)
    .max(longest)
    .refine((text) => redact(text) === text, 'a name without a key or a password');
