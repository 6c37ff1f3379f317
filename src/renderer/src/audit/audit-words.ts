import type { TFunction } from 'i18next';
import { auditMessages } from '../../../shared/messages/audit';

const { action: actionTexts, type: typeTexts } = auditMessages;

/** An action in words; what the console does not know is shown as it was written. */
export function actionLabel(t: TFunction, action: string): string {
  return Object.hasOwn(actionTexts, action)
    ? t(`audit.action.${action as keyof typeof actionTexts}`)
    : action;
}

/** A resource type in words, whatever its letter case. */
export function typeLabel(t: TFunction, type: string): string {
  const known = type.toUpperCase();
  return Object.hasOwn(typeTexts, known) ? t(`audit.type.${known as keyof typeof typeTexts}`) : type;
}
