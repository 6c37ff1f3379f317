import { Fragment, isValidElement, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { FilterDefinition, FilterValuesOf, ListedRecords } from '../../../shared/records/definition';
import { recordDefinitions } from '../../../shared/records/index';
import { BooleanFilter, FilterSelect } from './filter-select';
import type { UrlFiltersOf } from './list-url';
import { OptionsFilter } from './options-filter';
import { RemovableFilter } from './removable-filter';
import type { ListState } from './use-list-state';

/** What a filter's field says. */
type FilterText<Filter, Value> = Filter extends { readonly byLink: true }
  ? (value: Value) => string
  : Filter extends { readonly kind: 'boolean' }
    ? { readonly label: string; readonly true: string; readonly false: string }
    : Filter extends { readonly kind: 'choice' }
      ? { readonly label: string; readonly word: (value: Value) => string }
      : Filter extends { readonly kind: 'text' }
        ? {
            readonly label: string;
            /** What there is to choose, without what is chosen where that is nothing of it. */
            readonly choices: readonly string[];
            readonly word?: (value: string) => string;
          }
        : { readonly label: string };

/** The texts of a list's filters; or a field of another kind in the place of one, null where that shows two. */
export type FilterTextsOf<Listed extends ListedRecords> = {
  readonly [Name in keyof Listed['filters']]:
    FilterText<Listed['filters'][Name], FilterValuesOf<Listed>[Name]> | ReactElement | null;
};

interface AnyText {
  readonly label: string;
  readonly true?: string;
  readonly false?: string;
  readonly choices?: readonly string[];
  readonly word?: (value: string) => string;
}

interface ListFiltersProps<Listed extends ListedRecords> {
  readonly definition: Listed;
  readonly list: Pick<ListState<string, UrlFiltersOf<Listed>>, 'input' | 'setFilter'>;
  readonly texts: FilterTextsOf<Listed>;
}

/** A field for each filter that a list's definition has, and each that only a link sets as far as it is set. */
export function ListFilters<Listed extends ListedRecords>(props: ListFiltersProps<Listed>): ReactElement {
  const { definition, list, texts } = props;
  return (
    <>
      {Object.entries<FilterDefinition>(definition.filters).map(([name, filter]) => {
        const text: unknown = texts[name];
        if (text === null || isValidElement(text)) return <Fragment key={name}>{text}</Fragment>;
        return (
          <ListFilter
            key={name}
            filter={filter}
            text={text as AnyText | ((value: unknown) => string)}
            value={(list.input.filters as Record<string, string | boolean | undefined>)[name]}
            onChange={(value) => list.setFilter(name, value as never)}
          />
        );
      })}
    </>
  );
}

interface ListFilterProps {
  readonly filter: FilterDefinition;
  readonly text: AnyText | ((value: unknown) => string);
  readonly value: string | boolean | undefined;
  readonly onChange: (value: string | boolean | undefined) => void;
}

function ListFilter({ filter, text, value, onChange }: ListFilterProps): ReactElement | null {
  const { t } = useTranslation();
  if (typeof text === 'function') {
    return value === undefined ? null : (
      <RemovableFilter label={text(value)} onRemove={() => onChange(undefined)} />
    );
  }
  const { label, choices = [], word = (choice: string) => choice } = text;
  const chosen = typeof value === 'string' ? value : undefined;
  if (filter.kind === 'boolean') {
    return (
      <BooleanFilter
        label={label}
        value={typeof value === 'boolean' ? value : undefined}
        trueLabel={text.true ?? t('common.yes')}
        falseLabel={text.false ?? t('common.no')}
        onChange={onChange}
      />
    );
  }
  if (filter.kind === 'record') {
    const { area } = recordDefinitions[filter.of];
    // A subscription has no name to be found by: only links set it.
    return area === 'subscriptions' ? null : (
      <OptionsFilter area={area} label={label} value={chosen} onChange={onChange} />
    );
  }
  const offered = filter.kind === 'choice' ? filter.values : choices;
  const options = chosen === undefined || offered.includes(chosen) ? offered : [...offered, chosen];
  return (
    <FilterSelect
      label={label}
      value={chosen}
      options={options.map((option) => ({ value: option, label: word(option) }))}
      onChange={onChange}
    />
  );
}
