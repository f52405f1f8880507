/**
 * Bundles use it in place of the SDK's event streams, which are 4 % of a bundle and which no operation that the
 * functions call has. Throws when the SDK needs one.
 */
export const eventStreamSerdeProvider = (): never => {
  throw new Error('The bundle has no event streams: see the aliases of cdk/constructs/bundle.ts.');
};

/** The configuration of a client whose other operations have event streams, without them. */
export const resolveEventStreamSerdeConfig = <C>(config: C): C => config;
