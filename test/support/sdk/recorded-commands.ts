import * as lib from '@aws-sdk/lib-dynamodb';

// In place of lib-dynamodb in the unit tests: a write that they create is also recorded.
export * from '@aws-sdk/lib-dynamodb';

export type WriteCommand = PutCommand | UpdateCommand | TransactWriteCommand;

const recorded: WriteCommand[] = [];

/** Returns the writes that were created since the last call. */
export const takeRecordedWrites = (): readonly WriteCommand[] => recorded.splice(0);

export class PutCommand extends lib.PutCommand {
  constructor(input: lib.PutCommandInput) {
    super(input);
    recorded.push(this);
  }
}

export class UpdateCommand extends lib.UpdateCommand {
  constructor(input: lib.UpdateCommandInput) {
    super(input);
    recorded.push(this);
  }
}

export class TransactWriteCommand extends lib.TransactWriteCommand {
  constructor(input: lib.TransactWriteCommandInput) {
    super(input);
    recorded.push(this);
  }
}
