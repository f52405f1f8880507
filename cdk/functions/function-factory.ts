import { Aws } from 'aws-cdk-lib';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { reservedConcurrencyOf } from '../concurrency.ts';
import { ServiceFunction, type ServiceFunctionProps } from '../constructs/service-function.ts';
import type { ServiceTables } from '../restored-tables.ts';
import type { Endpoints, Settings } from '../settings.ts';
import { stages } from '../stages.ts';

export interface ServiceFunctionsProps {
  readonly tables: ServiceTables;
  readonly endpoints: Endpoints;
  readonly signingSecret: ISecret;
  readonly webhookSecret?: ISecret | undefined;
  readonly settings: Settings;
}

/** Returns what the functions of one stage have in common: how to add one, and the gateway's settings. */
export const createFunctionFactory = (scope: Construct, props: ServiceFunctionsProps) => {
  const { endpoints, webhookSecret, settings } = props;
  const profile = stages[settings.stage];

  const addFunction = <const Folder extends string>(
    folder: Folder,
    own: Omit<ServiceFunctionProps, 'profile'> = {},
  ) => {
    const reservedConcurrentExecutions = reservedConcurrencyOf(folder, settings);

    return new ServiceFunction(scope, folder, {
      profile,
      constants: { PG_ADAPTER: settings.pgAdapter },
      ...(reservedConcurrentExecutions !== undefined && { reservedConcurrentExecutions }),
      ...own,
      environment: {
        // Declared even if empty: SAM overrides only variables of the template, and the SDK treats empty as absent.
        ...(settings.stage === 'local' && { AWS_ENDPOINT_URL: settings.endpoint ?? '' }),
        ...own.environment,
      },
    });
  };

  const withGatewayKey = <Folder extends string>(
    one: ServiceFunction<Folder>,
    secretArn: string | undefined,
  ) => {
    one.addEnvironment('PG_URL', endpoints.pgUrl).addEnvironment('PG_ADAPTER', settings.pgAdapter);
    if (secretArn === undefined) return one;
    one
      .addEnvironment('PG_SECRET_KEY_ARN', secretArn)
      .grantActions(['secretsmanager:GetSecretValue'], secretArn);

    return settings.pgSecretKeyArn === undefined
      ? one
      : one.grantActions(['kms:Decrypt'], settings.pgSecretKeyArn, {
          StringEquals: {
            'kms:ViaService': `secretsmanager.${Aws.REGION}.amazonaws.com`,
            'kms:EncryptionContext:SecretARN': secretArn,
          },
        });
  };

  /** Adds the gateway's URL and adapter, and its API key if it has one. */
  const withGateway = <Folder extends string>(one: ServiceFunction<Folder>) =>
    withGatewayKey(one, settings.pgSecretArn);

  /** The same for a function that moves no money at the gateway: with the key that can only read, if there is one. */
  const withGatewayReads = <Folder extends string>(one: ServiceFunction<Folder>) =>
    withGatewayKey(one, settings.pgReadSecretArn ?? settings.pgSecretArn);

  /** Adds how the buyer's page opens the gateway's checkout window: the simulator's URL, or a publishable key. */
  const withCheckout = <Folder extends string>(one: ServiceFunction<Folder>) => {
    if (settings.pgAdapter === 'simulator') return one.addEnvironment('PG_URL', endpoints.pgUrl);
    const { gatewayClientKey } = settings;

    return gatewayClientKey === undefined
      ? one
      : one.addEnvironment('PG_CLIENT_KEY', gatewayClientKey);
  };

  /** Adds the keys that the gateway signs its webhooks with, if it signs them. */
  const withWebhookSecret = <Folder extends string>(one: ServiceFunction<Folder>) =>
    webhookSecret ? one.grantReadSecret(webhookSecret, 'PG_WEBHOOK_SECRET_ARN') : one;

  return {
    ...props,
    profile,
    addFunction,
    withGateway,
    withGatewayReads,
    withCheckout,
    withWebhookSecret,
    shopTimeZone: { environment: { SHOP_TIME_ZONE: settings.timeZone } },
  };
};

export type FunctionFactory = ReturnType<typeof createFunctionFactory>;
