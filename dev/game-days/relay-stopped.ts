import { stopRelay } from '../faults/event-sources.ts';
import type { Drill } from './drill.ts';
import type { DrillContext } from './drill-context.ts';
import { deadLetters, faultPersists, pendingPayments } from './shared-steps.ts';

interface MappingList {
  readonly EventSourceMappings: readonly {
    readonly UUID: string;
    readonly EventSourceArn: string;
    readonly State: string;
  }[];
}

const runbookHeading = 'Outbox relay lag';

/** The state of each table's mapping. Captures the ids of the stopped ones. */
const formatMappings = (output: string, { shell, capturedIds }: DrillContext): string => {
  const { EventSourceMappings: listed } = JSON.parse(output) as MappingList;
  const stopped = listed.filter(({ State }) => State !== 'Enabled');
  capturedIds.set(
    'stopped',
    stopped.map(({ UUID }) => UUID),
  );
  const tables = Object.entries(shell.stack.tables);

  return listed
    .map(({ EventSourceArn, State }) => {
      const [table = EventSourceArn] =
        tables.find(([, name]) => EventSourceArn.includes(`table/${name}/`)) ?? [];

      return `${table}: ${State}`;
    })
    .sort()
    .join('\n');
};

export const relayStopped: Drill = {
  name: 'relay-stopped',
  fault: 'the relay receives no records, because its event source mappings are disabled.',
  duration: { really: 'ten minutes', minutes: 10, seconds: 20 },
  faultSteps: [
    {
      description: 'The mappings are disabled.',
      run: async ({ shell, registerFaultRemoval }) =>
        registerFaultRemoval(await stopRelay(shell.stack)),
    },
    {
      description: 'Three payments are accepted; no event is published.',
      run: (context) => Promise.all([context.pay(), context.pay(), context.pay()]),
    },
    faultPersists,
  ],
  observations: [
    pendingPayments,
    deadLetters,
    {
      command: `aws lambda list-event-source-mappings --function-name "$(out FunctionRelayChanges)" --output table --query 'EventSourceMappings[].[UUID,EventSourceArn,State,LastProcessingResult]'`,
      heading: runbookHeading,
      format: formatMappings,
    },
  ],
  expectedAlarms: [
    // Not the relay lag alarm: its age is measured only when the relay is invoked.
    { alarm: 'SweepStuckPaymentsAlarm', heading: 'Stuck payments' },
    { alarm: 'SloTimeToFinalStatus', heading: 'SLO burn: time to final status' },
  ],
  recoverySteps: [
    {
      command: 'aws lambda update-event-source-mapping --uuid <UUID> --enabled',
      heading: runbookHeading,
      placeholders: ({ capturedIds }) =>
        (capturedIds.get('stopped') ?? []).map((uuid) => ({ '<UUID>': uuid })),
      format: (output) => (JSON.parse(output) as { State: string }).State,
    },
  ],
};
