import { describe, expect, it } from 'vitest';
import { commandsOf, type Drill } from '../../../../dev/game-days/drill.ts';
import { drills } from '../../../../dev/game-days/drills.ts';
import { commandEnvironment, splitArguments } from '../../../../dev/game-days/shell-command.ts';
import { readGameDays, runbookSection, shellLines } from '../../../support/runbook.ts';

const gameDayPages = readGameDays();
const gameDayOf = ({ name }: Drill) => {
  const day = gameDayPages.find((one) => one.name === name);
  if (day === undefined) throw new Error(`The runbook has no game day ${name}.`);

  return day;
};

/** Placeholders of the runbook stand for one word, or for a part of one. */
const asPattern = (command: string) =>
  new RegExp(
    `^${command
      .split(/<\w+>|(?<=rev_)\.\.\./)
      .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('[^"]+?')}$`,
  );

const stepsOf = ({ faultSteps: breaks, observations: sees, recoverySteps: recovers }: Drill) =>
  [...breaks, ...sees, ...recovers].flatMap((step) =>
    'description' in step ? [step.description] : [],
  );

it('are the game days of the runbook, in its order', () => {
  expect(drills.map(({ name }) => name)).toEqual(gameDayPages.map(({ name }) => name));
});

describe.each(drills)('the drill $name', (drill) => {
  const { printed, text } = gameDayOf(drill);
  const lines = printed.map((line) => line.trim());
  const lineAfter = (mark: string) =>
    lines.filter((line) => line.startsWith(mark)).map((line) => line.slice(mark.length));

  it('is told with its fault and each of its steps, and with no other', () => {
    const printedSteps = printed
      .filter((line) => /^ {2}[A-Z]/.test(line) && !line.includes(' rings: '))
      .map((line) => line.trim());

    expect(lines[1]).toBe(`${drill.name}: ${drill.fault}`);
    expect(printedSteps).toEqual(stepsOf(drill));
  });

  it('rings by what the runbook says that it rings by, and links to', () => {
    const linked = [...text.matchAll(/^Rings (.+)$/gm)].flatMap(([, links = '']) =>
      [...links.matchAll(/\[([^\]]+)\]\(#/g)].map(([, heading]) => heading),
    );

    const headings = drill.expectedAlarms.map(({ heading }) => heading);
    expect(lines.filter((line) => line.includes(' rings: '))).toEqual(
      drill.expectedAlarms.map(({ alarm, heading }) => `${alarm} rings: ${heading}`),
    );
    expect(linked).toEqual(headings);
    for (const heading of headings) expect(runbookSection(heading)).toContain('**Do.**');
  });

  it('recovers by the commands that are printed there, and by no other', () => {
    const patterns = commandsOf(drill).map(({ command: runs }) => asPattern(runs));
    const shown = lineAfter('$ ').filter((line) => !line.startsWith('npm run game-day'));

    for (const line of shown)
      expect(
        patterns.filter((pattern) => pattern.test(line)),
        line,
      ).toHaveLength(1);
    for (const pattern of patterns)
      expect(
        shown.filter((line) => pattern.test(line)),
        `${pattern}`,
      ).not.toEqual([]);
  });

  it.each(commandsOf(drill))(
    'finds "$runs" under "$under"',
    ({ command: runs, heading: under }) => {
      expect(shellLines(runbookSection(under))).toContain(runs);
    },
  );
});

it('reads a line as a shell does', () => {
  const line = `curl -s "$API/x" -H "a: $(out Name)" -d '{"b":"$API c"}' --reason="d e"`;
  const known: Record<string, string> = { API: 'http://api', Name: 'n' };

  expect(splitArguments(line, (name) => known[name])).toEqual([
    'curl',
    '-s',
    'http://api/x',
    '-H',
    'a: n',
    '-d',
    '{"b":"$API c"}',
    '--reason=d e',
  ]);
  expect(() => splitArguments('echo $NOBODY', () => undefined)).toThrow('$NOBODY');
});

it('speaks to the stack of the drill, also from a terminal whose commands speak to a stage', () => {
  const stage = { PATH: '/bin', API_URL: 'https://production', TOKEN: 't', AFTERCOMMIT_STACK: 'x' };

  expect(commandEnvironment('stack.json', stage)).toEqual({
    PATH: '/bin',
    AFTERCOMMIT_STACK: 'stack.json',
  });
});
