/**
 * A path of the API as a reference that is relative to the address of a request (RFC 3986, 5.2). The API may stand below a base path, of a
 * custom domain or of a local AWS, that the service does not know: a reference that begins with a slash would miss it.
 */
export const relativeReference = (requestPath: string, path: string): string =>
  '../'.repeat(requestPath.split('/').length - 2) + path.slice(1);
