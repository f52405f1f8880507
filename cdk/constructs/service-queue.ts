import type { IRole } from 'aws-cdk-lib/aws-iam';
import { Queue, QueueEncryption, type QueueProps } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { StageProfile } from '../stages.ts';
import { denyOthers } from './deny-others.ts';

interface ServiceQueueProps
  extends Omit<QueueProps, 'encryption' | 'enforceSSL' | 'removalPolicy'> {
  readonly profile: StageProfile;
}

/** An encrypted queue. On AWS, no other role sends to it than those that are allowed here. */
export class ServiceQueue extends Queue {
  readonly #senders: IRole[] = [];
  readonly #profile: StageProfile;

  constructor(scope: Construct, id: string, { profile, ...props }: ServiceQueueProps) {
    super(scope, id, {
      ...props,
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: profile.enforceSSL,
      removalPolicy: profile.removalPolicy,
    });
    this.#profile = profile;
    this.#deny('OnlyServiceSends', ['sqs:SendMessage'], this.#senders);
  }

  /** Exempts a role that has the permission. EventBridge needs no exemption: it delivers as a service, without a role. */
  allowSender(role: IRole): void {
    this.#senders.push(role);
  }

  /** On AWS, lets no other role take messages. Call it for a queue that has one consumer. */
  restrictReceivers(consumer: IRole): void {
    this.#deny(
      'OnlyConsumerReceives',
      ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility'],
      [consumer],
    );
  }

  #deny(sid: string, actions: readonly string[], roles: readonly IRole[]): void {
    if (this.#profile.denyOtherRoles)
      this.addToResourcePolicy(denyOthers({ sid, actions, resource: this.queueArn, roles }));
  }
}
