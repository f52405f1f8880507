import { afterAll, expect } from 'vitest';
import { createRecordedPair } from './document-clients.ts';
import { takeRecordedWrites, type WriteCommand } from './recorded-commands.ts';

const { stock, ours, sent } = createRecordedPair();

/** What a client sends for the command, or the message of its error. */
const requestOf = async (client: typeof ours, command: WriteCommand): Promise<string> => {
  sent.length = 0;
  try {
    await client.send(command as never);
  } catch (error) {
    return (error as Error).message;
  }
  const [request] = sent;
  const text = `${request?.headers['x-amz-target']} ${request?.body}`;

  // A client generates the token of a transaction without one.
  return 'ClientRequestToken' in command.input
    ? text
    : text.replace(/"ClientRequestToken":"[\da-f-]{36}"/, 'a generated token');
};

/**
 * The form of a write: its members, expressions and types of values. Writes that differ in a text or a number
 * alone have the same form.
 */
const formOf = ({ constructor: { name }, input }: WriteCommand): string =>
  JSON.stringify([name, input], (member, value) => {
    if (typeof value === 'string') return member.endsWith('Expression') ? value : 'text';
    if (typeof value === 'number') return Number.isSafeInteger(value) ? 0 : value;

    return value === undefined || typeof value === 'bigint' ? `${value}` : value;
  });

// The document client sends each form of the writes of the unit tests with the body of the SDK's client.
afterAll(async () => {
  const forms = new Map(takeRecordedWrites().map((command) => [formOf(command), command]));
  for (const command of forms.values()) {
    expect(await requestOf(ours, command)).toBe(await requestOf(stock, command));
  }
});
