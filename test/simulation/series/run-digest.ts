import { createHash } from 'node:crypto';
import type { ItemWrite } from '../aws/dynamodb/memory-dynamodb.ts';
import { formatStoryLine, type StoryLine } from '../virtual/story.ts';

/** A hash of all lines of the story and all writes of a run: equal for equal runs only. */
export const createRunDigest = () => {
  const hash = createHash('sha256');

  return {
    onStoryLine: (line: StoryLine): void => {
      hash.update(`${formatStoryLine(line)}\n`);
    },
    onWrite: ({ table, after, at, by }: ItemWrite): void => {
      hash.update(`${at} ${by} ${table} ${JSON.stringify(after)}\n`);
    },
    read: (): string => hash.digest('hex'),
  };
};
