import { DynamoDBServiceException } from '@aws-sdk/client-dynamodb';

/** The SDK has no class for it: it is known by its name. */
export const validationException = (message: string) =>
  new DynamoDBServiceException({
    name: 'ValidationException',
    $fault: 'client',
    message,
    $metadata: { httpStatusCode: 400, attempts: 1 },
  });

/** A feature of DynamoDB that the service does not use. It is a defect of the simulation, not an answer of AWS. */
export const notSimulated = (feature: string) =>
  new Error(`The in-memory DynamoDB does not simulate ${feature}: add it.`);
