import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import { type Fields, toText, valueAt } from '../intrinsics.ts';
import type { Resource, Synthesis } from '../synthesis.ts';

/** The tables, in the form that creates them in a local DynamoDB. */
export const readTables = ({ all }: Synthesis): readonly CreateTableCommandInput[] =>
  all('AWS::DynamoDB::Table').map(toTable);

/** The attribute with an item's expiry in seconds since the epoch, by table. Most tables have none. */
export const readTimeToLive = ({ all }: Synthesis): Readonly<Record<string, string>> =>
  Object.fromEntries(
    all('AWS::DynamoDB::Table')
      .filter(({ properties }) => valueAt(properties, 'TimeToLiveSpecification.Enabled') === true)
      .map(({ name, properties }) => [
        name,
        toText(valueAt(properties, 'TimeToLiveSpecification.AttributeName')),
      ]),
  );

const toTable = ({ name, properties }: Resource) =>
  ({
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: properties.KeySchema,
    AttributeDefinitions: properties.AttributeDefinitions,
    ...(properties.GlobalSecondaryIndexes !== undefined && {
      GlobalSecondaryIndexes: properties.GlobalSecondaryIndexes,
    }),
    ...(properties.StreamSpecification !== undefined && {
      StreamSpecification: { ...(properties.StreamSpecification as Fields), StreamEnabled: true },
    }),
  }) as unknown as CreateTableCommandInput;
