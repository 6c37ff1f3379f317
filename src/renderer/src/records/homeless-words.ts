import { useTranslation } from 'react-i18next';
import { syncMessages } from '../../../shared/messages/sync';

const { kinds, reasons, states } = syncMessages.homeless;

export interface HomelessWords {
  kind(code: string): string;
  state(code: string): string;
  reason(code: string): string;
}

/** Words for the codes main keeps with a remote object. One this console does not know is shown readably. */
export function useHomelessWords(): HomelessWords {
  const { t } = useTranslation();
  return {
    kind: (code) => (code in kinds ? t(`sync.homeless.kinds.${code as keyof typeof kinds}`) : spelled(code)),
    state: (code) =>
      code in states ? t(`sync.homeless.states.${code as keyof typeof states}`) : spelled(code),
    // Several findings about one object stand side by side; one may name columns in parentheses.
    reason: (codes) =>
      findingsOf(codes)
        .map((finding) => {
          const [, code = finding, columns = ''] = /^(\w+)( \(.*\))?$/.exec(finding) ?? [];
          return code in reasons
            ? `${t(`sync.homeless.reasons.${code as keyof typeof reasons}`)}${columns}`
            : spelled(finding);
        })
        .join('; '),
  };
}

function spelled(code: string): string {
  return code.replaceAll('_', ' ');
}

/** The findings of a list that commas part; those within parentheses part columns. */
function findingsOf(codes: string): string[] {
  const findings: string[] = [];
  let finding = '';
  let isWithin = false;
  for (const sign of codes) {
    if (sign === ',' && !isWithin) {
      findings.push(finding.trim());
      finding = '';
    } else finding += sign;
    if (sign === '(' || sign === ')') isWithin = sign === '(';
  }
  return [...findings, finding.trim()];
}
