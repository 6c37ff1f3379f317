import * as z from 'zod';
import { longestModelId, type FilterDefinition, type ListedRecords } from '../records/definition';
import { calendarDay, listInput, uuid } from './values';

type FilterSchema<Filter> = z.ZodOptional<
  Filter extends { readonly kind: 'boolean' }
    ? z.ZodBoolean
    : Filter extends { readonly kind: 'choice'; readonly longest: number }
      ? z.ZodString
      : Filter extends { readonly kind: 'choice'; readonly values: readonly (infer Value extends string)[] }
        ? z.ZodEnum<{ [Name in Value]: Name }>
        : z.ZodString
>;

type FilterSchemas<Listed extends ListedRecords> = {
  -readonly [Name in keyof Listed['filters']]: FilterSchema<Listed['filters'][Name]>;
};

/** Input of the list of records so defined. */
export function recordListInput<const Listed extends ListedRecords>({ sortFields, filters }: Listed) {
  const schemas = Object.entries(filters).map(([name, filter]) => [name, filterSchema(filter).optional()]);
  return listInput<Listed['sortFields'], FilterSchemas<Listed>>(
    sortFields,
    Object.fromEntries(schemas) as FilterSchemas<Listed>,
  );
}

function filterSchema(filter: FilterDefinition): z.ZodType {
  switch (filter.kind) {
    case 'boolean':
      return z.boolean();
    case 'choice':
      return filter.longest === undefined ? z.enum(filter.values) : z.string().max(filter.longest);
    case 'text':
      return z.string().max(filter.longest);
    case 'day':
      return calendarDay;
    case 'record':
      return filter.of === 'model' ? z.string().max(longestModelId) : uuid;
    case 'ids':
      return z
        .string()
        .max(37 * filter.most)
        .refine((ids) => ids.split(',').every((id) => uuid.safeParse(id).success), 'ids divided by commas');
  }
}
