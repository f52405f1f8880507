import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiGatewayV2Client, GetApiCommand, UpdateApiCommand } from '@aws-sdk/client-apigatewayv2';
import {
  CloudFormationClient,
  DescribeStackResourcesCommand,
} from '@aws-sdk/client-cloudformation';
import {
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import {
  GetFunctionConcurrencyCommand,
  LambdaClient,
  PutFunctionConcurrencyCommand,
} from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { applyDroppedProperties } from '../../../../dev/local/apply-dropped-properties.ts';

const endpoint = 'http://127.0.0.1:1';
const cloudFormation = mockClient(CloudFormationClient);
const lambda = mockClient(LambdaClient);
const dynamo = mockClient(DynamoDBClient);
const gateway = mockClient(ApiGatewayV2Client);

const assembly = mkdtempSync(join(tmpdir(), 'assembly-'));
afterAll(() => rmSync(assembly, { recursive: true }));

const cors = { AllowOrigins: ['http://shop.test'], AllowMethods: ['GET'] };
const template = {
  Resources: {
    Charger: { Type: 'AWS::Lambda::Function', Properties: { ReservedConcurrentExecutions: 10 } },
    Reader: { Type: 'AWS::Lambda::Function', Properties: {} },
    Answers: {
      Type: 'AWS::DynamoDB::Table',
      Properties: { TimeToLiveSpecification: { AttributeName: 'expiration', Enabled: true } },
    },
    Nested: {
      Type: 'AWS::CloudFormation::Stack',
      Metadata: { 'aws:asset:path': 'nested.template.json' },
    },
  },
};
const nestedTemplate = {
  Resources: {
    Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { CorsConfiguration: cors } },
  },
};
writeFileSync(join(assembly, 'nested.template.json'), JSON.stringify(nestedTemplate));
writeFileSync(join(assembly, 'service.template.json'), JSON.stringify(template));
writeFileSync(
  join(assembly, 'manifest.json'),
  JSON.stringify({
    artifacts: {
      Tree: { type: 'cdk:tree' },
      service: {
        type: 'aws:cloudformation:stack',
        properties: { templateFile: 'service.template.json', stackName: 'local-service' },
      },
    },
  }),
);

const timeToLive = { AttributeName: 'expiration', TimeToLiveStatus: 'ENABLED' } as const;

beforeEach(() => {
  for (const client of [cloudFormation, lambda, dynamo, gateway]) client.reset();
  for (const [StackName, logicalIds] of [
    ['local-service', ['Charger', 'Reader', 'Answers', 'Nested']],
    ['Nested-1', ['Api']],
  ] as const)
    cloudFormation.on(DescribeStackResourcesCommand, { StackName }).resolves({
      StackResources: logicalIds.map((LogicalResourceId) => ({
        LogicalResourceId,
        PhysicalResourceId: `${LogicalResourceId}-1`,
        ResourceType: undefined,
        Timestamp: undefined,
        ResourceStatus: undefined,
      })),
    });
  lambda.on(GetFunctionConcurrencyCommand).resolves({ ReservedConcurrentExecutions: 10 });
  dynamo.on(DescribeTimeToLiveCommand).resolves({ TimeToLiveDescription: timeToLive });
  gateway.on(GetApiCommand).resolves({ CorsConfiguration: cors });
});

describe('apply dropped properties', () => {
  it('changes nothing if the local AWS matches the template', async () => {
    expect(await applyDroppedProperties(endpoint, assembly)).toEqual([]);

    expect(lambda.commandCalls(PutFunctionConcurrencyCommand)).toEqual([]);
    expect(dynamo.commandCalls(UpdateTimeToLiveCommand)).toEqual([]);
    expect(gateway.commandCalls(UpdateApiCommand)).toEqual([]);
  });

  it('sets dropped properties and reads them again', async () => {
    lambda
      .on(GetFunctionConcurrencyCommand)
      .resolvesOnce({})
      .resolves({ ReservedConcurrentExecutions: 10 });
    dynamo
      .on(DescribeTimeToLiveCommand)
      .resolvesOnce({ TimeToLiveDescription: { TimeToLiveStatus: 'DISABLED' } })
      .resolves({ TimeToLiveDescription: timeToLive });
    gateway.on(GetApiCommand).resolvesOnce({}).resolves({ CorsConfiguration: cors });

    expect(await applyDroppedProperties(endpoint, assembly)).toEqual([
      'local-service/Charger ReservedConcurrentExecutions',
      'local-service/Answers TimeToLiveSpecification',
      'local-service/Nested/Api CorsConfiguration',
    ]);

    const inputs = [lambda, dynamo, gateway].flatMap((client) =>
      client.calls().map(({ args }) => args[0].input),
    );
    expect(inputs).toContainEqual({ FunctionName: 'Charger-1', ReservedConcurrentExecutions: 10 });
    expect(inputs).toContainEqual({
      TableName: 'Answers-1',
      TimeToLiveSpecification: { AttributeName: 'expiration', Enabled: true },
    });
    expect(inputs).toContainEqual({ ApiId: 'Api-1', CorsConfiguration: cors });
  });

  it('fails with the resource and the difference if a property stays dropped', async () => {
    lambda.on(GetFunctionConcurrencyCommand).resolves({});

    await expect(applyDroppedProperties(endpoint, assembly)).rejects.toThrow(
      'local-service/Charger ReservedConcurrentExecutions is not set, the template has 10',
    );
  });

  it('fails if a resource was not created', async () => {
    cloudFormation.on(DescribeStackResourcesCommand).resolves({ StackResources: [] });

    await expect(applyDroppedProperties(endpoint, assembly)).rejects.toThrow(
      'did not create local-service/Charger',
    );
  });
});
