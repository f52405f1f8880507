import {
  ApiGatewayV2Client,
  type Cors,
  GetApiCommand,
  UpdateApiCommand,
} from '@aws-sdk/client-apigatewayv2';
import {
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  type TimeToLiveSpecification,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import {
  GetFunctionConcurrencyCommand,
  LambdaClient,
  PutFunctionConcurrencyCommand,
} from '@aws-sdk/client-lambda';
import { localClientConfig } from './aws.ts';

/** A template property that the local AWS accepts but does not apply. */
export interface DroppedProperty {
  readonly type: string;
  readonly property: string;
  /** Reads and writes the property of one resource, in the form of the template. */
  at(
    endpoint: string,
    physicalId: string,
  ): {
    read(): Promise<unknown>;
    write(value: unknown): Promise<unknown>;
  };
}

const reservedConcurrency: DroppedProperty = {
  type: 'AWS::Lambda::Function',
  property: 'ReservedConcurrentExecutions',
  at(endpoint, FunctionName) {
    const lambda = new LambdaClient(localClientConfig(endpoint));

    return {
      read: async () =>
        (await lambda.send(new GetFunctionConcurrencyCommand({ FunctionName })))
          .ReservedConcurrentExecutions,
      write: (value) =>
        lambda.send(
          new PutFunctionConcurrencyCommand({
            FunctionName,
            ReservedConcurrentExecutions: value as number,
          }),
        ),
    };
  },
};

const timeToLive = (type: string): DroppedProperty => ({
  type,
  property: 'TimeToLiveSpecification',
  at(endpoint, TableName) {
    const dynamo = new DynamoDBClient(localClientConfig(endpoint));

    return {
      read: async () => {
        const { TimeToLiveDescription } = await dynamo.send(
          new DescribeTimeToLiveCommand({ TableName }),
        );
        const { AttributeName, TimeToLiveStatus } = TimeToLiveDescription ?? {};
        const Enabled = TimeToLiveStatus === 'ENABLED' || TimeToLiveStatus === 'ENABLING';

        return Enabled ? { AttributeName, Enabled } : undefined;
      },
      write: (value) =>
        dynamo.send(
          new UpdateTimeToLiveCommand({
            TableName,
            TimeToLiveSpecification: value as TimeToLiveSpecification,
          }),
        ),
    };
  },
});

const cors: DroppedProperty = {
  type: 'AWS::ApiGatewayV2::Api',
  property: 'CorsConfiguration',
  at(endpoint, ApiId) {
    const gateway = new ApiGatewayV2Client(localClientConfig(endpoint));

    return {
      read: async () => (await gateway.send(new GetApiCommand({ ApiId }))).CorsConfiguration,
      write: (value) =>
        gateway.send(new UpdateApiCommand({ ApiId, CorsConfiguration: value as Cors })),
    };
  },
};

// Point-in-time recovery and stage throttling are dropped too, but the local AWS has no API to set them.
export const droppedProperties: readonly DroppedProperty[] = [
  reservedConcurrency,
  timeToLive('AWS::DynamoDB::Table'),
  timeToLive('AWS::DynamoDB::GlobalTable'),
  cors,
];
