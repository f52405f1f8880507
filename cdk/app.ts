import { App } from 'aws-cdk-lib';
import { contextNames, parseSettings, SettingsError } from './settings.ts';
import { addStacks } from './stacks.ts';
import { rejectUnknownContext } from './unknown-context.ts';

const app = new App();
const context = Object.fromEntries(
  contextNames.map((name) => [name, app.node.tryGetContext(name)]),
);
// The CLI finds a local AWS by this variable; the functions it deploys call the same endpoint.
if (context.stage === 'local') context.endpoint ??= process.env.AWS_ENDPOINT_URL || undefined;

try {
  rejectUnknownContext(Object.keys(app.node.getAllContext()));
  addStacks(app, parseSettings(context));
} catch (error) {
  if (!(error instanceof SettingsError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
