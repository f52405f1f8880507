import { App } from 'aws-cdk-lib';
import { contextNames, parseSettings, rejectUnknownContext, SettingsError } from './settings.ts';
import { addStacks } from './stacks.ts';

const app = new App();
const context = Object.fromEntries(
  contextNames.map((name) => [name, app.node.tryGetContext(name)]),
);
// Deploying to a local AWS, the CLI is pointed at it by this variable: its functions go to the same place.
if (context.stage === 'local') context.endpoint ??= process.env.AWS_ENDPOINT_URL || undefined;

try {
  rejectUnknownContext(Object.keys(app.node.getAllContext()));
  addStacks(app, parseSettings(context));
} catch (error) {
  if (!(error instanceof SettingsError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
