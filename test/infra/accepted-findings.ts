/** Rules that the templates do not follow, and why. */
interface AcceptedFinding {
  readonly rules: readonly string[];
  /** Paths of the constructs, such as `aftercommit-production-service/Relay/Failures/Resource`. */
  readonly resources: RegExp;
  readonly reason: string;
}

/** The same rule of NIST 800-53 R5 and of PCI DSS 3.2.1. */
const nistAndPci = (rule: string) => [`NIST.800.53.R5-${rule}`, `PCI.DSS.321-${rule}`];

const deadLetterQueue = /\/(?:DeadLetters|Relay\/(?:Failures|Undeliverable))\/Resource$/;

/** Every entry is needed: a finding that is gone takes its entry with it. */
export const acceptedFindings: readonly AcceptedFinding[] = [
  {
    rules: ['AwsSolutions-SQS3'],
    resources:
      /\/(?:Compensation|Sweep|Backlog|CanaryPayments)\/DeadLetters\/Resource$|\/Relay\/\w+\/Resource$/,
    reason:
      'It is a dead-letter queue of a rule, a schedule or a stream. The rule knows only those that a queue redrives to.',
  },
  {
    rules: ['Serverless-SQSRedrivePolicy'],
    resources: deadLetterQueue,
    reason:
      'It is a dead-letter queue. No function reads it, and an operator decides on each message.',
  },
  {
    rules: ['AwsSolutions-APIG4'],
    resources:
      /\/Api\/Http\/(?:GET|HEAD|POST)--(?:health|openapi\.json|webhooks--pg)\/Resource$|\/Api\/Fallback\/Resource$/,
    reason:
      'Public by its purpose: health, description and 404. Webhooks have a signature instead of a token.',
  },
  {
    rules: ['AwsSolutions-APIG1', 'AwsSolutions-APIG4', 'Serverless-APIGWAccessLogging'],
    resources: /-simulator\/(?:ReceiveDeliveries|SimulateGateway)Api\//,
    reason:
      'Only a sandbox has the simulators. They hold no real data, and stand in for systems outside the service.',
  },
  {
    rules: ['AwsSolutions-CFR1'],
    resources: /-edge\/Distribution\/Resource$/,
    reason: 'The countries of buyers are the shop’s to decide. A payment may come from a journey.',
  },
  {
    rules: ['AwsSolutions-CFR3'],
    resources: /-edge\/Distribution\/Resource$/,
    reason:
      'The firewall logs each request with the viewer’s address, and the API each that reaches it.',
  },
  {
    rules: ['AwsSolutions-COG2', 'AwsSolutions-COG8'],
    resources: /\/Buyers\/Pool\/Resource$/,
    reason:
      'Only a sandbox has the pool: production needs an issuer. An administrator creates its users.',
  },
  {
    rules: [
      'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSCodeDeployRoleForLambdaLimited]',
    ],
    resources: /\/Canaries\/Role\/Resource$/,
    reason: 'AWS maintains what CodeDeploy needs to move an alias. The policy is its limited one.',
  },
  {
    rules: ['AwsSolutions-SMG4', 'NIST.800.53.R5-SecretsManagerRotationEnabled'],
    resources: /\/(?:NotificationsSecret|PgWebhookSecret)\/Resource$/,
    reason:
      'The other side of the signature must get the same key, so an operator rotates it. The functions accept the previous version too.',
  },
  {
    rules: nistAndPci('SecretsManagerUsingKMSKey'),
    resources: /\/(?:NotificationsSecret|PgWebhookSecret)\/Resource$/,
    reason:
      'Encrypted with the key of Secrets Manager of the account. Readers are the roles of single functions, all in this account.',
  },
  {
    rules: ['AwsSolutions-IAM5[Resource::*]'],
    resources: /Role\/DefaultPolicy\/Resource$/,
    reason:
      'Traces and log delivery have no resource types. The test of permissions lists each action by name.',
  },
  {
    rules: ['AwsSolutions-SF1'],
    resources: /\/Compensation\/StateMachine\/Resource$/,
    reason:
      'Errors are logged. Step Functions keeps the whole history of each execution for 90 days, and the payment keeps what each step recorded.',
  },
  {
    rules: ['Serverless-LambdaDLQ', 'NIST.800.53.R5-LambdaDLQ'],
    resources: /-(?:service|simulator)\/\w+\/Resource$/,
    reason:
      'A dead-letter queue of a function receives failed asynchronous invocations. Functions are invoked by the API, by queues, by streams and by Step Functions, which all wait for the result; a schedule has its next tick.',
  },
  {
    rules: ['Serverless-LambdaAsyncFailureDestination'],
    resources: /\/(?:SweepPayments|MeasureBacklog|PayCanaryOrder)\/EventInvokeConfig\/Resource$/,
    reason:
      'A dropped tick is not repeated: the next run does its work, or pays an order of its own. An alarm counts the drops.',
  },
  {
    rules: ['Serverless-LambdaEventSourceMappingDestination'],
    resources: /\/SqsEventSource:\w+\/Resource$/,
    reason:
      'The queue has a redrive policy, which takes the place of a destination of the mapping.',
  },
  {
    rules: nistAndPci('LambdaInsideVPC'),
    resources: /-(?:service|simulator)\/\w+\/Resource$/,
    reason:
      'Nothing that the functions call is in a VPC: AWS APIs by IAM, the gateway and the receivers by public HTTPS. A VPC would add a NAT gateway to the path of each payment.',
  },
  {
    rules: nistAndPci('IAMNoInlinePolicy'),
    resources: /(?:Role\/DefaultPolicy|Backups\/Role)\/Resource$/,
    reason:
      'Each role has one policy and each policy one role, so that no other role can share its permissions.',
  },
  {
    rules: nistAndPci('CloudWatchLogGroupEncrypted'),
    resources: /Logs\/Resource$/,
    reason:
      'Encrypted with the key of CloudWatch Logs. The lines have ids and outcomes; tests check that no token, key or payment method is in them.',
  },
  {
    rules: ['NIST.800.53.R5-LambdaConcurrency'],
    resources: /-(?:service|simulator)\/\w+\/Resource$/,
    reason:
      'Reserved concurrency is taken from all other functions of the account. Queues bound their consumers, the API bounds requests, and an alarm watches the account.',
  },
  {
    rules: ['NIST.800.53.R5-DynamoDBInBackupPlan'],
    resources: /-(?:data|simulator)\/\w+\/Resource$/,
    reason:
      'The rule looks for a plan in the stack of the table. That of production is in the service stack, with the tables in use; a sandbox has point-in-time recovery alone.',
  },
  {
    rules: [
      'AwsSolutions-IAM5[Resource::arn:aws:backup:eu-central-1:111111111111:recovery-point:*]',
    ],
    resources: /\/Backups\/Role\/Resource$/,
    reason: 'AWS Backup chooses the ids of its backups. The vaults are named one by one.',
  },
  {
    rules: ['AwsSolutions-IAM5[Resource::arn:aws:kms:eu-central-1:111111111111:key/*]'],
    resources: /\/Backups\/Role\/Resource$/,
    reason:
      'A condition limits it to the key with the alias aws/backup, whose id differs by account. It only describes the key, for a copy to another region.',
  },
  {
    rules: ['W3005'],
    resources: /./,
    reason: 'CDK adds a dependency that a reference implies already. CloudFormation ignores it.',
  },
  {
    rules: ['W6001'],
    resources: /^Outputs\//,
    reason:
      'Tests and tools read the names of tables and of the bus from the outputs of the service stack.',
  },
  {
    rules: ['NIST.800.53.R5-CloudWatchAlarmAction'],
    resources: /\/(?:Slo\/\w+In(?:Hour|FiveMinutes)|Canaries\/\w+Failures)\/Resource$/,
    reason: 'It is a part of a composite alarm, which notifies, or stops a deployment.',
  },
];
