import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  ScanCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { Database } from '../../../shared/config/platform.ts';
import { createDatabase } from '../../../shared/config/system-runtime.ts';
import { cancelledTransaction } from '../builders/transaction-errors.ts';

type Item = Record<string, unknown>;

/** The common fields of all write commands. */
interface Request {
  readonly TableName?: string;
  readonly Key?: Item;
  readonly Item?: Item;
  readonly ConditionExpression?: string;
  readonly UpdateExpression?: string;
  readonly ExpressionAttributeNames?: Record<string, string>;
  readonly ExpressionAttributeValues?: Item;
}

/**
 * An in-memory DynamoDB that evaluates the expressions of this project and throws on others. Every command is atomic and immediate,
 * so that a scheduler in front of it (`turn`) can run commands in any order.
 */
export class MemoryDynamo {
  readonly #tables = new Map<string, Map<string, Item>>();
  readonly #keys: Readonly<Record<string, readonly string[]>>;
  readonly #turn: () => Promise<unknown>;

  /** All writes in order, as in the tables' streams. */
  readonly changes: { table: string; before: Item | undefined; after: Item }[] = [];

  constructor(
    keys: Readonly<Record<string, readonly string[]>>,
    turn: () => Promise<unknown> = async () => {},
  ) {
    this.#keys = keys;
    this.#turn = turn;
  }

  /** Typed as the database, with the runtime of this process. */
  get client(): Database {
    return createDatabase(this as unknown as DynamoDBDocumentClient);
  }

  items<T>(table: string): T[] {
    return [...this.#table(table).values()] as T[];
  }

  put(table: string, item: object): void {
    this.#table(table).set(this.#keyOf(table, item as Item), item as Item);
  }

  /** Writes without conditions, as another service does. */
  deleteItem(table: string, key: object): void {
    this.#table(table).delete(this.#keyOf(table, key as Item));
  }

  async send(command: unknown): Promise<object> {
    await this.#turn();
    if (command instanceof GetCommand) return { Item: this.#stored(command.input) };
    if (command instanceof BatchGetCommand) return this.#together(command.input);
    if (command instanceof QueryCommand) return { Items: this.#query(command.input) };
    if (command instanceof ScanCommand) return this.#scan(command.input);
    if (command instanceof TransactWriteCommand) return this.#transact(command.input);
    if (command instanceof UpdateCommand || command instanceof PutCommand) {
      return this.#write(command.input);
    }
    throw new Error(`MemoryDynamo knows no ${(command as object).constructor.name}.`);
  }

  #table(name: string): Map<string, Item> {
    const table = this.#tables.get(name) ?? new Map<string, Item>();
    this.#tables.set(name, table);

    return table;
  }

  #keyOf(table: string, item: Item): string {
    const attributes = this.#keys[table];
    if (attributes === undefined) throw new Error(`MemoryDynamo has no table ${table}.`);

    return JSON.stringify(attributes.map((attribute) => item[attribute]));
  }

  #stored({ TableName = '', Key, Item }: Request): Item | undefined {
    return this.#table(TableName).get(this.#keyOf(TableName, Key ?? Item ?? {}));
  }

  #together({ RequestItems = {} }: BatchGetCommand['input']): object {
    const found = Object.entries(RequestItems).map(([TableName, { Keys = [] }]) => [
      TableName,
      Keys.flatMap((Key) => this.#stored({ TableName, Key }) ?? []),
    ]);

    return { Responses: Object.fromEntries(found) };
  }

  #query({ TableName = '', ...request }: Request & { KeyConditionExpression?: string }): Item[] {
    return this.items<Item>(TableName).filter((item) =>
      meetsCondition({ ...request, ConditionExpression: request.KeyConditionExpression }, item),
    );
  }

  /** One item a page, in key order: items written behind the cursor are not returned. */
  #scan({ TableName = '', ExclusiveStartKey: from, ...request }: ScanCommand['input']): object {
    const after = from ? this.#keyOf(TableName, from) : '';
    const [key, next] = [...this.#table(TableName).keys()].filter((each) => each > after).sort();
    const item = key && this.#table(TableName).get(key);

    const filter = { ...request, ConditionExpression: request.FilterExpression };

    return {
      Items: item && meetsCondition(filter, item) ? [item] : [],
      ...(next && { LastEvaluatedKey: item }),
    };
  }

  #write(request: Request): object {
    const stored = this.#stored(request);
    if (!meetsCondition(request, stored)) {
      throw new ConditionalCheckFailedException({
        message: 'refused',
        $metadata: {},
        ...(stored && { Item: marshall(stored, marshallOptions) }),
      });
    }
    this.#apply(request);

    return {};
  }

  #transact({ TransactItems = [] }: TransactWriteCommand['input']): object {
    const requests = TransactItems.map(
      ({ Put, Update, ConditionCheck }) => (Put ?? Update ?? ConditionCheck) as Request,
    );
    const reasons = requests.map((request) => {
      const stored = this.#stored(request);
      if (meetsCondition(request, stored)) return { code: 'None' };

      return { code: 'ConditionalCheckFailed', item: stored };
    });
    if (reasons.some(({ code }) => code !== 'None')) throw cancelledTransaction(...reasons);
    for (const request of requests) this.#apply(request);

    return {};
  }

  #apply(request: Request): void {
    const { TableName = '', Key, Item, UpdateExpression } = request;
    const before = this.#stored(request);
    const isUpdate = UpdateExpression !== undefined;
    const after = isUpdate ? applyUpdate(request, before ?? { ...Key }) : Item;
    if (after === undefined) return;
    this.put(TableName, structuredClone(after));
    this.changes.push({ table: TableName, before, after });
  }
}

const marshallOptions = { removeUndefinedValues: true };

const resolvePlaceholders = ({ ExpressionAttributeNames, ExpressionAttributeValues }: Request) => ({
  name: (text: string) => ExpressionAttributeNames?.[text] ?? text,
  value: (text: string) => ExpressionAttributeValues?.[text],
});

const meetsCondition = (request: Request, stored: Item | undefined): boolean => {
  const { name, value } = resolvePlaceholders(request);
  const clauses = request.ConditionExpression?.split(/(?<!BETWEEN :\w+) AND /) ?? [];

  return clauses.every((clause) => {
    const [, negation, attribute] = /^attribute_(not_)?exists\((#\w+)\)$/.exec(clause) ?? [];
    if (attribute) return (stored?.[name(attribute)] === undefined) === (negation !== undefined);
    const [, counter] =
      /^\(attribute_not_exists\((#\w+)\) OR attribute_type\(#\w+, :\w+\)\)$/.exec(clause) ?? [];
    if (counter) return ['undefined', 'number'].includes(typeof stored?.[name(counter)]);
    const [, either, bound] =
      /^\(attribute_not_exists\((#\w+)\) OR #\w+ <= (:\w+)\)$/.exec(clause) ?? [];
    if (either && bound) {
      const found = stored?.[name(either)];

      return found === undefined || (found as string) <= (value(bound) as string);
    }
    const [, one, many] = /^(#\w+) IN \(([:\w, ]+)\)$/.exec(clause) ?? [];
    if (one && many) return many.split(', ').some((each) => value(each) === stored?.[name(one)]);
    const [, ranged, least, greatest] = /^(#\w+) BETWEEN (:\w+) AND (:\w+)$/.exec(clause) ?? [];
    if (ranged && least && greatest)
      return isBetween(stored?.[name(ranged)], value(least), value(greatest));
    const [, left, operator, right] = /^(#?\w+) (=|>=|<=) (:\w+)$/.exec(clause) ?? [];
    if (!left || !right) throw new Error(`MemoryDynamo cannot read the condition "${clause}".`);
    const found = stored?.[name(left)];

    if (operator === '=') return found === value(right);
    const [low, high] = operator === '>=' ? [value(right), found] : [found, value(right)];

    return (low as number) <= (high as number);
  });
};

const isBetween = (found: unknown, least: unknown, greatest: unknown): boolean =>
  typeof found === typeof least &&
  (least as number) <= (found as number) &&
  (found as number) <= (greatest as number);

const applyUpdate = (request: Request, stored: Item): Item => {
  const { name, value } = resolvePlaceholders(request);
  const item = structuredClone(stored);
  const sections = request.UpdateExpression?.split(/ ?\b(SET|ADD|REMOVE) /).slice(1) ?? [];
  for (let index = 0; index < sections.length; index += 2) {
    for (const clause of sections[index + 1]?.split(/, (?=#)/) ?? []) {
      change(sections[index] as string, clause);
    }
  }

  return item;

  function change(verb: string, clause: string): void {
    const [, target, list, text] =
      /^(#\w+)(?: = list_append\((?:if_not_exists\()?(#\w+)(?:, :\w+\))?, | = | |$)(:\w+)?\)?$/.exec(
        clause,
      ) ?? [];
    if (!target) throw new Error(`MemoryDynamo cannot read the update "${verb} ${clause}".`);
    const attribute = name(target);
    const operand = structuredClone(value(text ?? ''));
    if (verb === 'REMOVE') delete item[attribute];
    else if (verb === 'ADD') {
      item[attribute] = ((item[attribute] as number | undefined) ?? 0) + (operand as number);
    } else if (list) {
      item[attribute] = [...((item[attribute] ?? []) as unknown[]), ...(operand as unknown[])];
    } else item[attribute] = operand;
  }
};
