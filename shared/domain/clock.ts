/** Where "now" comes from; tests bring their own. */
export interface Clock {
  now(): Date;
}
