/**
 * Makes a path of the API relative to the URL of a request (RFC 3986, 5.2). The service does not know the
 * base path of a custom domain or a local AWS, so an absolute path would be wrong.
 */
export const relativeReference = (requestPath: string, path: string): string =>
  '../'.repeat(requestPath.split('/').length - 2) + path.slice(1);
