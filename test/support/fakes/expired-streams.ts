import { createStreamReader } from '../../../shared/persistence/stream-reader.ts';
import { awsError } from '../../simulation/virtual/network.ts';

/** Streams that no longer have any record. */
export const expiredStreams = createStreamReader({
  send: async () => {
    throw awsError('TrimmedDataAccessException');
  },
});
