import { validationException } from './exceptions.ts';

const token = /\s*(<>|<=|>=|[=<>(),.+[\]-]|[#:]?[A-Za-z_0-9]+)/y;

/** The placeholders that an expression uses. */
export interface Used {
  readonly names: Set<string>;
  readonly values: Set<string>;
  /** The first part of each path. */
  readonly attributes: Set<string>;
}

/** The tokens of one expression, read one after the other. */
export class Tokens {
  /** The parameter's name, such as ConditionExpression, for errors. */
  readonly kind: string;
  readonly used: Used = { names: new Set(), values: new Set(), attributes: new Set() };
  readonly #tokens: string[] = [];
  #position = 0;

  constructor(kind: string, text: string) {
    this.kind = kind;
    const trimmed = text.trim();
    if (trimmed === '') throw this.invalid('The expression can not be empty;');
    token.lastIndex = 0;
    while (token.lastIndex < trimmed.length) {
      const from = token.lastIndex;
      const found = token.exec(trimmed)?.[1];
      if (found === undefined) throw this.invalid(`Syntax error; token: "${trimmed[from]}"`);
      this.#tokens.push(found);
    }
  }

  get next(): string | undefined {
    return this.#tokens[this.#position];
  }

  take(): string {
    const found = this.next;
    if (found === undefined) throw this.syntaxError();
    this.#position += 1;

    return found;
  }

  /** Takes the next token if it is this one. Keywords have any case. */
  takeIf(expected: string): boolean {
    if (this.next?.toUpperCase() !== expected) return false;
    this.#position += 1;

    return true;
  }

  expect(expected: string): void {
    if (!this.takeIf(expected)) throw this.syntaxError();
  }

  end(): void {
    if (this.next !== undefined) throw this.syntaxError();
  }

  /** Takes `one`, then more of them after each comma. */
  list<T>(one: () => T): T[] {
    const found = [one()];
    while (this.takeIf(',')) found.push(one());

    return found;
  }

  syntaxError() {
    const near = this.#tokens.slice(Math.max(0, this.#position - 1), this.#position + 2).join(' ');

    return this.invalid(`Syntax error; token: "${this.next ?? '<EOF>'}", near: "${near}"`);
  }

  invalid(problem: string) {
    return validationException(`Invalid ${this.kind}: ${problem}`);
  }
}
