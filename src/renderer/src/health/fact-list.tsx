import type { ReactElement, ReactNode } from 'react';
import type { HealthFact } from '../../../shared/contract/health';
import { Field, FieldList } from '../ui/field-list';
import { formatBytes, formatShare } from '../ui/format';
import { Count, Duration, Instant } from '../ui/values';

/** The figures and texts of a finding or a preview. */
export function FactList({ facts }: { readonly facts: readonly HealthFact[] }): ReactElement | null {
  if (facts.length === 0) return null;
  return (
    <FieldList>
      {facts.map((fact) => (
        <Field key={fact.label} label={fact.label} wide={isLong(fact)}>
          {valueOf(fact)}
        </Field>
      ))}
    </FieldList>
  );
}

const longText = 40;

const isLong = ({ value, format }: HealthFact): boolean =>
  (format === 'code' || format === 'text') && value.length > longText;

function valueOf({ value, format }: HealthFact): ReactNode {
  switch (format) {
    case 'text':
      return value;
    case 'code':
      return <code>{value}</code>;
    case 'count':
      return <Count value={value} />;
    case 'bytes':
      return formatBytes(value);
    case 'share':
      return formatShare(Number(value));
    case 'instant':
      return <Instant value={value} />;
    case 'milliseconds':
      return <Duration valueMs={Number(value)} />;
  }
}
