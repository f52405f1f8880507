/** A response before it has API Gateway's shape. `body` is sent as JSON. */
export interface BaseResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** What an HTTP handler returns: the response, and the ids for its log line. */
export interface HttpResponse extends BaseResponse {
  readonly ids?: Readonly<Record<string, string>>;
}
