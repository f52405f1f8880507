import * as z from 'zod';

const hostName = z.string().regex(/^(?:[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?\.)+[a-z]{2,}$/, {
  error: 'must be a domain name in lower case, without a scheme',
});
const certificateIn = (region: string, error: string) =>
  z
    .string()
    .regex(new RegExp(`^arn:[\\w-]+:acm:${region}:\\d{12}:certificate/[\\w-]+$`), { error });

/** Web ACLs of CloudFront, their logs and certificates exist only in this region. */
export const edgeRegion = 'us-east-1';

const cloudFrontCertificate = certificateIn(
  edgeRegion,
  `must be a certificate in ${edgeRegion}, the only region that CloudFront reads`,
);

/** The context of an edge: a CloudFront distribution with a firewall in front of the API. */
export const edgeContext = {
  /** The public name of the API. Its DNS record points to the distribution. */
  domainName: hostName.optional(),
  /** The certificate of that name. */
  certificateArn: cloudFrontCertificate.optional(),
  /** The name of the API behind the distribution. Its DNS record points to API Gateway. */
  originDomainName: hostName.optional(),
  /** The certificate of that name, in the region of the stage. */
  originCertificateArn: certificateIn('[\\w-]+', 'must be a certificate of ACM').optional(),
  /** The client certificate by which API Gateway recognises the distribution (mutual TLS). */
  originClientCertificateArn: cloudFrontCertificate.optional(),
  /** The certificates that API Gateway accepts, as a PEM file in a bucket. */
  originTruststoreUri: z
    .string()
    .regex(/^s3:\/\/[a-z\d.-]+\/.+$/, { error: 'must be an object such as s3://bucket/key.pem' })
    .optional(),
};

type EdgeContext = {
  readonly [Name in keyof typeof edgeContext]?: string | undefined;
};

const required = [
  'domainName',
  'certificateArn',
  'originDomainName',
  'originCertificateArn',
] as const;
const mutualTls = ['originClientCertificateArn', 'originTruststoreUri'] as const;

/** Reports each value of the edge that is missing or not allowed, with the reason. */
export const checkEdgeContext = (
  context: EdgeContext & { readonly stage: string },
  reject: (name: string, message: string) => void,
): void => {
  const given = [...required, ...mutualTls].filter((name) => context[name] !== undefined);
  const [first] = given;
  if (first === undefined) return;
  if (context.stage === 'local') reject(first, 'cannot be given in the local stage');
  for (const name of required)
    if (context[name] === undefined) reject(name, `must be given with ${first}`);
  const [client, truststore] = mutualTls;
  if (context[client] !== undefined && context[truststore] === undefined)
    reject(truststore, `must be given with ${client}`);
  if (context[truststore] !== undefined && context[client] === undefined)
    reject(client, `must be given with ${truststore}`);
  if (context.domainName !== undefined && context.domainName === context.originDomainName)
    reject('originDomainName', 'must be another name than domainName');
};

/** A named endpoint with its certificate. */
interface NamedEndpoint {
  readonly domainName: string;
  readonly certificateArn: string;
}

/** How the distribution reaches API Gateway. */
export interface EdgeOrigin extends NamedEndpoint {
  readonly mutualTls?: { readonly clientCertificateArn: string; readonly truststoreUri: string };
}

export interface EdgeSettings extends NamedEndpoint {
  readonly origin: EdgeOrigin;
}

/** The edge of a checked context; undefined if it has none. */
export const edgeSettingsOf = ({
  domainName,
  certificateArn,
  originDomainName,
  originCertificateArn,
  originClientCertificateArn: clientCertificateArn,
  originTruststoreUri: truststoreUri,
}: EdgeContext): EdgeSettings | undefined => {
  if (!domainName || !certificateArn || !originDomainName || !originCertificateArn)
    return undefined;

  return {
    domainName,
    certificateArn,
    origin: {
      domainName: originDomainName,
      certificateArn: originCertificateArn,
      ...(clientCertificateArn &&
        truststoreUri && { mutualTls: { clientCertificateArn, truststoreUri } }),
    },
  };
};
