/**
 * Bundles use it in place of the SDK's event streams, which are 4 % of a bundle and which no operation that the
 * functions call has. Throws when the SDK needs one.
 */
export const eventStreamSerdeProvider = (): never => {
  throw new Error('The bundle has no event streams: see the aliases of cdk/constructs/bundle.ts.');
};
