import { Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { HttpApi, HttpStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { Construct } from 'constructs';
import { AggregateTable } from './constructs/aggregate-table.ts';
import { ServiceFunction } from './constructs/service-function.ts';
import type { Endpoints } from './settings.ts';
import type { StageProfile } from './stages.ts';

/** Simulators of the external systems, for a sandbox: the payment gateway, the data platform and the notifications. */
export class SimulatorStack extends Stack {
  readonly endpoints: Endpoints;

  constructor(scope: Construct, id: string, profile: StageProfile, props: StackProps) {
    super(scope, id, props);

    const addSimulator = (folder: string, tableName: string) => {
      const table = new AggregateTable(this, tableName, { profile, key: ['id'] });
      // The limit of an HTTP API, because a simulator must also be able to hang.
      const server = new ServiceFunction(this, folder, { profile, timeout: Duration.seconds(30) })
        .grantGet(table)
        .grantPut(table)
        .grantScan(table);

      const httpApi = new HttpApi(this, `${server.node.id}Api`, {
        createDefaultStage: false,
        defaultIntegration: new HttpLambdaIntegration(server.node.id, server),
      });
      // The API is public, so limit its request rate.
      new HttpStage(httpApi, 'Stage', { httpApi, autoDeploy: true, throttle: profile.throttle });

      return httpApi.apiEndpoint;
    };
    const sinks = addSimulator('receive-deliveries', 'DeliveriesReceived');

    this.endpoints = {
      pgUrl: addSimulator('simulate-gateway', 'Simulator'),
      dataPlatformUrl: `${sinks}/data-platform`,
      notificationsUrl: `${sinks}/notifications`,
    };
  }
}
