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

/** A property that the local AWS accepts in a template and then forgets. */
export interface DroppedProperty {
  readonly type: string;
  readonly property: string;
  /** Both speak in the shape of the template. */
  at(
    endpoint: string,
    physicalId: string,
  ): {
    read(): Promise<unknown>;
    write(wanted: unknown): Promise<unknown>;
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
      write: (wanted) =>
        lambda.send(
          new PutFunctionConcurrencyCommand({
            FunctionName,
            ReservedConcurrentExecutions: wanted as number,
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
      write: (wanted) =>
        dynamo.send(
          new UpdateTimeToLiveCommand({
            TableName,
            TimeToLiveSpecification: wanted as TimeToLiveSpecification,
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
      write: (wanted) =>
        gateway.send(new UpdateApiCommand({ ApiId, CorsConfiguration: wanted as Cors })),
    };
  },
};

// Point-in-time recovery and stage throttling are dropped too, but cannot be set there by any means.
export const droppedProperties: readonly DroppedProperty[] = [
  reservedConcurrency,
  timeToLive('AWS::DynamoDB::Table'),
  timeToLive('AWS::DynamoDB::GlobalTable'),
  cors,
];
