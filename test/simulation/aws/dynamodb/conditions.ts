import { type Expression, type Path, takePath, takeValue } from './placeholders.ts';
import { Tokens } from './tokenizer.ts';

export type Operand =
  | { readonly of: 'path'; readonly path: Path }
  | { readonly of: 'value'; readonly value: string }
  | { readonly of: 'size'; readonly path: Path };

export type Comparator = '=' | '<>' | '<' | '<=' | '>' | '>=';

export type Condition =
  | { readonly is: 'and' | 'or'; readonly all: readonly Condition[] }
  | { readonly is: 'not'; readonly one: Condition }
  | { readonly is: 'comparison'; readonly by: Comparator; readonly operands: readonly Operand[] }
  | { readonly is: 'between' | 'in'; readonly operands: readonly Operand[] }
  | { readonly is: FunctionName; readonly operands: readonly Operand[] };

const functionArguments = {
  attribute_exists: 1,
  attribute_not_exists: 1,
  attribute_type: 2,
  begins_with: 2,
  contains: 2,
} as const;
type FunctionName = keyof typeof functionArguments;

export interface ConditionExpression extends Expression {
  readonly condition: Condition;
}

const maxOperandsOfIn = 100;

/** Parses a condition, filter or key condition expression; `kind` is the parameter's name. */
export const parseCondition = (kind: string, text: string): ConditionExpression => {
  const tokens = new Tokens(kind, text);
  const condition = takeOr(tokens);
  tokens.end();

  return { kind, used: tokens.used, condition };
};

const takeOr = (tokens: Tokens): Condition =>
  takeJoined(tokens, 'or', () => takeJoined(tokens, 'and', () => takeNot(tokens)));

const takeJoined = (tokens: Tokens, is: 'and' | 'or', take: () => Condition): Condition => {
  const first = take();
  const all = [first];
  while (tokens.takeIf(is.toUpperCase())) all.push(take());

  return all.length === 1 ? first : { is, all };
};

const takeNot = (tokens: Tokens): Condition => {
  if (tokens.takeIf('NOT')) return { is: 'not', one: takeNot(tokens) };
  if (tokens.takeIf('(')) {
    const inner = takeOr(tokens);
    tokens.expect(')');

    return inner;
  }
  const name = tokens.next ?? '';

  return isFunction(name) ? takeFunction(tokens, name) : takeComparison(tokens);
};

const isFunction = (name: string): name is FunctionName => Object.hasOwn(functionArguments, name);

const takeFunction = (tokens: Tokens, is: FunctionName): Condition => {
  tokens.take();
  tokens.expect('(');
  const operands = tokens.list(() => takeOperand(tokens));
  tokens.expect(')');
  if (operands.length !== functionArguments[is]) {
    const problem = 'Incorrect number of operands for operator or function';
    throw tokens.invalid(`${problem}; operator or function: ${is}`);
  }
  if (is.startsWith('attribute_') && operands[0]?.of !== 'path') {
    throw tokens.invalid(`Operator or function requires a document path; operator: ${is}`);
  }

  return { is, operands };
};

const takeComparison = (tokens: Tokens): Condition => {
  const first = takeOperand(tokens);
  if (tokens.takeIf('BETWEEN')) {
    const least = takeOperand(tokens);
    tokens.expect('AND');

    return { is: 'between', operands: [first, least, takeOperand(tokens)] };
  }
  if (tokens.takeIf('IN')) {
    tokens.expect('(');
    const several = tokens.list(() => takeOperand(tokens));
    tokens.expect(')');
    if (several.length > maxOperandsOfIn) {
      throw tokens.invalid('The IN operator is provided with too many operands');
    }

    return { is: 'in', operands: [first, ...several] };
  }
  if (!isComparator(tokens.next)) throw tokens.syntaxError();
  const by = tokens.take() as Comparator;

  return { is: 'comparison', by, operands: [first, takeOperand(tokens)] };
};

const isComparator = (text: string | undefined): text is Comparator =>
  ['=', '<>', '<', '<=', '>', '>='].includes(text ?? '');

const takeOperand = (tokens: Tokens): Operand => {
  if (tokens.next?.startsWith(':')) return { of: 'value', value: takeValue(tokens) };
  if (tokens.next !== 'size') return { of: 'path', path: takePath(tokens) };
  tokens.take();
  tokens.expect('(');
  const path = takePath(tokens);
  tokens.expect(')');

  return { of: 'size', path };
};
