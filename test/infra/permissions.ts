import { get, type Permissions, put, scan } from './permissions/actions.ts';
import { apiPermissions } from './permissions/api.ts';
import { eventPermissions } from './permissions/events.ts';
import { inspectActions, operatorPermissions } from './permissions/operators.ts';

/** The permissions of each function in addition to writing its own log, by resource. */
export const expectedPermissions: Permissions = {
  ...apiPermissions,
  ...operatorPermissions,
  ...eventPermissions,
};

const simulatorActions = [get, put, scan];
export const simulatorPermissions = {
  SimulateGateway: { Simulator: simulatorActions },
  ReceiveDeliveries: { DeliveriesReceived: simulatorActions },
};

/** The canary, and what reads its dead letters, in stages on AWS. */
export const canaryPermissions: Permissions = {
  PayCanaryOrder: {
    // One item of it: test/infra/canary-payments.test.ts.
    Products: [put],
    CreateOrder: ['lambda:InvokeFunction'],
    'AcceptPayment/Live': ['lambda:InvokeFunction'],
    GetPayment: ['lambda:InvokeFunction'],
  },
  ListDeadLetters: {
    ...operatorPermissions.ListDeadLetters,
    'CanaryPayments/DeadLetters': inspectActions,
  },
  RedriveDeadLetters: {
    ...operatorPermissions.RedriveDeadLetters,
    'CanaryPayments/DeadLetters': [...inspectActions, 'sqs:DeleteMessage'],
  },
};

/** Step Functions needs these actions to write logs; AWS defines them without resources. */
export const logDelivery = [
  'logs:CreateLogDelivery',
  'logs:DeleteLogDelivery',
  'logs:DescribeLogGroups',
  'logs:DescribeResourcePolicies',
  'logs:GetLogDelivery',
  'logs:ListLogDeliveries',
  'logs:PutResourcePolicy',
  'logs:UpdateLogDelivery',
];

/** Traces; AWS defines these actions without resources. */
export const functionTraces = ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'];
export const workflowTraces = [
  'xray:GetSamplingRules',
  'xray:GetSamplingTargets',
  ...functionTraces,
];

/** The permissions of the functions that call the gateway, if its API key is in this secret. */
export const permissionsWithSecret = (secretArn: string) =>
  Object.fromEntries(
    [
      'ChargePayment',
      'InquirePayment',
      'ExecuteRefund',
      'ResolveReview',
      'ReconcileLedger',
      'ReceiveWebhook',
    ].map((id) => [
      id,
      { ...expectedPermissions[id], [secretArn]: ['secretsmanager:GetSecretValue'] },
    ]),
  );
