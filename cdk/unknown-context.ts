import { ContextProvider } from 'aws-cdk-lib/cloud-assembly-schema';
import { findClosestName } from './closest-name.ts';
import { contextNames, SettingsError } from './settings.ts';

/** Context that the CDK and its CLI set themselves: feature flags, options and results of lookups. */
const cdkContextPrefixes = [
  '@aws-cdk/',
  '@aws-cdk-containers/',
  'aws:cdk:',
  'aws-cdk:',
  'cdk:',
  ...Object.values(ContextProvider).map((provider) => `${provider}:`),
];
const isCdkContext = (name: string) => cdkContextPrefixes.some((prefix) => name.startsWith(prefix));

/** Rejects unknown context, so that a misspelt name such as `stagee=production` does not deploy a sandbox. */
export const rejectUnknownContext = (names: readonly string[]): void => {
  const unknown = names.filter((name) => !isCdkContext(name) && !contextNames.includes(name));
  if (unknown.length === 0) return;
  const lines = unknown.map(
    (name) => `✖ Unknown name "${name}". Did you mean "${findClosestName(name, contextNames)}"?`,
  );
  throw new SettingsError(`The CDK context is not valid.\n${lines.join('\n')}`);
};
