import { randomUUID } from 'node:crypto';
import { CliError } from '../cli/cli-error.ts';
import { stopRelay } from '../faults/event-sources.ts';
import type { Drill } from './drill.ts';
import { checkRecovery } from './probes.ts';
import {
  chargesOf,
  deployRestored,
  refundAtGateway,
  required,
  runOf,
  stopWriters,
  sweepNow,
  waitUntilPaid,
} from './restore-steps.ts';
import { backUpAtOneInstant, deleteTables } from './table-backups.ts';

const runbookHeading = 'Restore to a second';

export const tablesLost: Drill = {
  name: 'tables-lost',
  fault: 'all tables are deleted.',
  faultSteps: [
    {
      description: 'A payment is completed, and an order is not paid yet.',
      run: async (context) => {
        await context.pay();
        runOf(context).unpaid = await context.placeOrder();
        await context.waitUntil(() => checkRecovery(context));
      },
    },
    {
      description: 'The relay stops, and another payment is accepted.',
      run: async (context) => {
        context.registerFaultRemoval(await stopRelay(context.shell.stack));
        runOf(context).inFlight = (await context.pay()).paymentId;
      },
    },
    {
      description: 'At this instant, each table gets a backup.',
      run: async (context) => {
        const run = runOf(context);
        run.backups = await backUpAtOneInstant(context.shell.stack, run.suffix);
      },
    },
    {
      description:
        'The relay continues: the payment is charged, the order is paid, and another one is placed and paid.',
      run: async (context) => {
        const run = runOf(context);
        await context.removeFault();
        const order = required(run.unpaid);
        const key = randomUUID();
        const paymentId = await context.payOrder(order, key);
        run.repeated = { order, key, paymentId };
        run.lost = await context.payOrder(await context.placeOrder(), randomUUID());
        await waitUntilPaid(context, [paymentId, run.lost]);
      },
    },
    {
      description: 'All tables are deleted.',
      run: async (context) => {
        context.registerFaultRemoval(async () => {
          if (!runOf(context).isRestored)
            context.print('The stack has no tables any more: run npm start again.');
        });
        await deleteTables(context.shell.stack);
      },
    },
  ],
  observations: [
    {
      description: 'A buyer tries to pay:',
      run: async (context) => {
        const { order } = required(runOf(context).repeated);
        const { status } = await context.client.pay(order, {}, randomUUID());
        context.print(`  ${status}`);
      },
    },
  ],
  expectedAlarms: [
    { alarm: 'SloAcceptAvailability', heading: 'SLO burn: accept availability' },
    { alarm: 'ApiAlarmsErrors', heading: 'API errors' },
  ],
  recoverySteps: [
    {
      description: 'Accept, the sweeper, the relay and all consumers are stopped.',
      run: stopWriters,
    },
    {
      command:
        'aws dynamodb restore-table-from-backup --target-table-name <table> --backup-arn <backup>',
      heading: runbookHeading,
      placeholders: (context) =>
        required(runOf(context).backups).map(({ restoredName, backupArn }) => ({
          '<table>': restoredName,
          '<backup>': backupArn,
        })),
      format: (output) =>
        (JSON.parse(output) as { TableDescription: { TableStatus: string } }).TableDescription
          .TableStatus,
    },
    {
      command: 'npm run ops -- restored-tables <suffix>',
      heading: runbookHeading,
      placeholders: (context) => [{ '<suffix>': runOf(context).suffix }],
      format: (output, context) => {
        runOf(context).restoredTables = output;

        return `${Object.keys(JSON.parse(output)).length} tables`;
      },
    },
    {
      description: 'The service is deployed with the restored tables, and stays stopped.',
      run: deployRestored,
    },
    { command: 'npm run ops -- gateway-questions', heading: runbookHeading },
    {
      description: 'The charge of the lost order is refunded at the gateway.',
      run: (context) => refundAtGateway(context, required(runOf(context).lost)),
    },
    {
      description:
        'All but accept starts again. The sweeper publishes what was accepted and not published.',
      run: async (context) => {
        const run = runOf(context);
        await required(run.start)();
        await sweepNow(context, required(run.inFlight));
        await context.waitUntil(() => checkRecovery(context));
      },
    },
    {
      description:
        'Accept starts again. The client repeats the request for the other order: the same payment, and no second charge.',
      run: async (context) => {
        const run = runOf(context);
        await required(run.accept)();
        const { order, key, paymentId } = required(run.repeated);
        const repeatedId = await context.payOrder(order, key);
        if (repeatedId !== paymentId)
          throw new CliError(`The repeated request made ${repeatedId} instead of ${paymentId}.`);
        context.expectPayment({ paymentId, expectedStatus: 'COMPLETED' });
        await context.waitUntil(() => checkRecovery(context));
        const { counts } = await chargesOf(context, paymentId);
        if (counts.charges !== 1) throw new CliError(`${paymentId} has ${counts.charges} charges.`);
      },
    },
  ],
};
