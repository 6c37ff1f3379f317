/** A name that a statement, or a view in it, calls or may call. */
export interface NamedCall {
  /** `attribute`: a name behind a dot, which PostgreSQL takes for a function of the row where no column has it. */
  readonly kind: 'function' | 'operator' | 'attribute' | 'type';
  readonly schema: string | null;
  readonly name: string;
  /** null where it isn't known. */
  readonly argumentCount: number | null;
  readonly within: 'statement' | 'view';
}

/** A function that may be behind a name. */
export interface FunctionCandidate {
  /** What the name stands for: the function itself, or what calls it. */
  readonly kind: 'function' | 'operator' | 'type' | 'cast';
  readonly called: string;
  readonly schema: string;
  readonly oid: string;
  /** `public.similarity(text,text)`, or an operator's `public.%(text,text)`. */
  readonly identity: string;
  readonly functionName: string;
  /** PostgreSQL's own, among them the constructors that it makes with a type of ranges. */
  readonly isSystem: boolean;
  readonly isVolatile: boolean;
  readonly isImmutable: boolean;
  readonly isPlainFunction: boolean;
  /** It has no code of its own, only that of {@link functionsOfAggregates}. */
  readonly isAggregate: boolean;
  readonly language: string;
  readonly isTrustedLanguage: boolean;
  readonly isOfExtension: boolean;
  readonly leastArguments: number;
  readonly mostArguments: number;
  /** PostgreSQL has one of this name too, which is chosen where no type speaks for this one. */
  readonly hasSystemNamesake: boolean;
  /** Types of its arguments that are not PostgreSQL's own. */
  readonly foreignTypes: readonly string[];
  /** One of its arguments may be a row of any relation. */
  readonly takesRows: boolean;
  /** The same of all its arguments, also of those it answers, and of its answer. */
  readonly usedTypes: readonly string[];
  /** The defaults of its arguments and what it is written as, cut; a SQL-standard body is printed. */
  readonly body: string;
  /** Changes when the function does. */
  readonly digest: string;
  /** Names of what a row of it holds; empty where it is one value. */
  readonly outputs: readonly string[];
  /** The relation whose rows it answers; 0 where none. */
  readonly rowsOf: number;
  readonly returnsRecord: boolean;
}

/** The functions that may be behind names. */
export interface CalledFunctions {
  readonly calls: readonly NamedCall[];
  /** The candidates for a call, by its name in any schema; none for a type's name. */
  candidates(call: Pick<NamedCall, 'kind' | 'name'>): readonly FunctionCandidate[];
  /** Those that PostgreSQL may choose for a call: in the schema it names, or in one of the path. */
  reachable(call: NamedCall): readonly FunctionCandidate[];
  /** What was asked for by number: functions that no name calls. */
  readonly unnamed: readonly FunctionCandidate[];
}
