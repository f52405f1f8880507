import { type ParseArgsConfig, parseArgs } from 'node:util';
import { CliError } from './cli-error.ts';

/** Parses the command line. `--help` prints the usage and exits; an unknown argument throws a CliError with the usage. */
export const parseCommandLine = <const Config extends ParseArgsConfig>(
  config: Config,
  usage: string,
): ReturnType<typeof parseArgs<Config>> => {
  if (['--help', '-h'].some((flag) => process.argv.slice(2).includes(flag))) {
    console.log(usage);
    process.exit(0);
  }
  try {
    return parseArgs(config);
  } catch (error) {
    throw new CliError(`${(error as Error).message}\n${usage}`);
  }
};
