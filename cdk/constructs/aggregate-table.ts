import {
  AttributeType,
  BillingMode,
  ContributorInsightsMode,
  ProjectionType,
  StreamViewType,
  Table,
  TableEncryption,
} from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import type { StageProfile } from '../stages.ts';
import { upperSnakeCase } from './names.ts';

interface AggregateTableProps {
  readonly profile: StageProfile;
  /** Partition key and optional sort key. Both are strings. */
  readonly key: readonly [partition: string, sort?: string];
  readonly stream?: boolean;
  /** Time-to-live attribute: seconds since the epoch. */
  readonly expiresBy?: string | undefined;
  /** Report the keys that DynamoDB throttles, of the table and its indexes, in the stages that do. */
  readonly insights?: boolean;
  /** Each key begins with the name of the one function that uses the item, and `#`. */
  readonly isKeyedByFunction?: boolean;
}

interface IndexProps {
  readonly partition: string;
  readonly sort: string;
  readonly sortType?: AttributeType;
  /** Attributes that the index projects in addition to the keys; all of them by default. */
  readonly attributes?: readonly string[];
}

/** What functions, relay and alarms use of a table: one of the data stack, or one restored from it. */
export type ServiceTable = Pick<
  AggregateTable,
  | 'node'
  | 'variable'
  | 'keyAttributes'
  | 'isKeyedByFunction'
  | 'indexes'
  | 'tableName'
  | 'tableArn'
  | 'requiredStreamArn'
>;

/** The table of one aggregate, and the name of the environment variable that holds its name. */
export class AggregateTable extends Table {
  readonly variable: string;
  readonly keyAttributes: readonly string[];
  readonly isKeyedByFunction: boolean;
  readonly indexes: string[] = [];
  readonly #insights;

  constructor(scope: Construct, id: string, props: AggregateTableProps) {
    const {
      profile,
      stream = false,
      expiresBy,
      insights = false,
      isKeyedByFunction = false,
    } = props;
    const [partition, sort] = props.key;
    const warmWrites = profile.warmWriteUnits[id];
    const throttledKeys = insights && profile.throttledKeys ? throttledKeysInsights : {};

    super(scope, id, {
      partitionKey: text(partition),
      ...(sort && { sortKey: text(sort) }),
      ...(stream && { stream: StreamViewType.NEW_AND_OLD_IMAGES }),
      ...(expiresBy && { timeToLiveAttribute: expiresBy }),
      ...(warmWrites && { warmThroughput: { writeUnitsPerSecond: warmWrites } }),
      ...throttledKeys,
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.AWS_MANAGED,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      removalPolicy: profile.removalPolicy,
      deletionProtection: profile.deletionProtection,
    });
    this.keyAttributes = sort ? [partition, sort] : [partition];
    this.#insights = throttledKeys;
    this.isKeyedByFunction = isKeyedByFunction;
    this.variable = `${upperSnakeCase(id)}_TABLE`;
  }

  /** The ARN of the table's stream. Throws if it has none. */
  get requiredStreamArn(): string {
    if (this.tableStreamArn === undefined)
      throw new Error(`The table ${this.node.id} has no stream.`);

    return this.tableStreamArn;
  }

  withIndex(name: string, { partition, sort, sortType, attributes }: IndexProps): this {
    this.addGlobalSecondaryIndex({
      indexName: name,
      partitionKey: text(partition),
      sortKey: { name: sort, type: sortType ?? AttributeType.STRING },
      ...projectionOf(attributes),
      ...this.#insights,
    });
    this.indexes.push(name);

    return this;
  }
}

const throttledKeysInsights = {
  contributorInsightsSpecification: {
    enabled: true,
    mode: ContributorInsightsMode.THROTTLED_KEYS,
  },
};

const projectionOf = (attributes: readonly string[] | undefined) => {
  if (attributes === undefined) return { projectionType: ProjectionType.ALL };
  if (attributes.length === 0) return { projectionType: ProjectionType.KEYS_ONLY };

  return { projectionType: ProjectionType.INCLUDE, nonKeyAttributes: [...attributes] };
};

const text = (name: string) => ({ name, type: AttributeType.STRING });
