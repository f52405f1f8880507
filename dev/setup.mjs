/**
 * Installs what a command needs, and does nothing if it is up to date. The arguments are parts: `packages` (always
 * installed) has the npm packages, `local-aws` MiniStack, `linter` cfn-lint. Without arguments: `local-aws`. Commands that
 * work on a deployed stage need neither the local AWS nor Python.
 *
 * Runs on the machine's own Node in a fresh clone without node_modules: plain JavaScript, node: modules only. Each
 * failure is one sentence that says what to do.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const logFile = join(root, '.local', 'setup.log');
const venvPython = join(root, '.venv', 'bin', 'python');
const localAwsRequirements = join('dev', 'requirements.txt');
const linterRequirements = join('dev', 'requirements-linter.txt');
const oldest = { node: 20, python: [3, 10] };
const again = 'then run the same command again';

/** A failure whose message says what to do. */
class SetupError extends Error {}

/**
 * Runs the work unless the stamp file has the hash of the current input. A stamp is inside the installed folder, so
 * that removing the folder removes the stamp too.
 */
const unlessStamped = async (stamp, input, work) => {
  const hash = createHash('sha256')
    .update(readFileSync(join(root, input)))
    .digest('hex');
  const path = join(root, stamp);
  if (existsSync(path) && readFileSync(path, 'utf8') === hash) return;

  await work();
  writeFileSync(path, hash);
};

/** Runs one command and shows the elapsed time; its output goes to the log. */
const run = (title, command, args, env = process.env) =>
  new Promise((resolve, reject) => {
    const startedAt = Date.now();
    const seconds = () => `${Math.round((Date.now() - startedAt) / 1000)} s`;
    const { isTTY } = process.stdout;
    process.stdout.write(isTTY ? title : `${title} ...\n`);
    const pulse = setInterval(
      () =>
        process.stdout.write(
          isTTY ? `\r${title}, ${seconds()}` : `  still running, ${seconds()}\n`,
        ),
      isTTY ? 1_000 : 15_000,
    );

    const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const keep = (chunk) => {
      output += chunk;
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    let stoppedBy;
    const passOn = (signal) => {
      stoppedBy = signal;
      child.kill(signal);
    };
    process.on('SIGINT', passOn).on('SIGTERM', passOn);

    const end = (code) => {
      clearInterval(pulse);
      process.off('SIGINT', passOn).off('SIGTERM', passOn);
      writeFileSync(logFile, `${command} ${args.join(' ')}\n${output}\n`, { flag: 'a' });
      const ended = code === 0 ? 'done in' : 'failed after';
      process.stdout.write(`${isTTY ? `\r${title}:` : ' '} ${ended} ${seconds()}\n`);
      if (stoppedBy)
        reject(new SetupError(`Stopped by ${stoppedBy}; run the same command again to continue.`));
      else resolve({ ok: code === 0, output });
    };
    child.on('error', (error) => {
      keep(error.message);
      end(1);
    });
    child.on('close', end);
  });

const noNetwork = (output) =>
  /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|name resolution|NewConnectionError|ConnectTimeoutError|ProxyError|from versions: none/i.test(
    output,
  );

const checkNode = () => {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < oldest.node) {
    throw new SetupError(
      `Node ${process.versions.node} is too old: install Node ${oldest.node} or newer, ${again}.`,
    );
  }
};

/** PATH without the binaries of this repository, because `npm ci` replaces them. */
const machinePath = () =>
  (process.env.PATH ?? '')
    .split(delimiter)
    .filter((entry) => entry !== join(root, 'node_modules', '.bin'))
    .join(delimiter);

const installPackages = async () => {
  const { ok, output } = await run(
    'Installing the npm packages',
    'npm',
    ['ci', '--prefer-offline', '--no-audit', '--no-fund'],
    // Without a network npm would retry for more than a minute.
    {
      ...process.env,
      PATH: machinePath(),
      npm_config_fetch_retry_mintimeout: '1000',
      npm_config_fetch_retry_maxtimeout: '5000',
    },
  );
  if (!ok && noNetwork(output)) {
    throw new SetupError(
      `npm could not reach its registry: connect to the network (or set a reachable registry with npm config set registry <url>), ${again}.`,
    );
  }
  if (!ok) throw new SetupError(`npm ci failed: read the end of .local/setup.log, ${again}.`);

  const node = spawnSync(join(root, 'node_modules', '.bin', 'node'), ['--version']);
  if (node.status !== 0) {
    throw new SetupError(
      `Node 24 was not installed with the npm packages, because npm ignores install scripts here: run npm ci --ignore-scripts=false once, ${again}.`,
    );
  }
};

/** The first Python on PATH that is new enough. */
const findPython = () => {
  const names = ['python3', 'python3.14', 'python3.13', 'python3.12', 'python3.11', 'python3.10'];
  const found = names.flatMap((name) => {
    const probe = spawnSync(name, ['-c', 'import sys; print(*sys.version_info[:3], sep=".")']);
    return probe.status === 0 ? [{ name, version: String(probe.stdout).trim() }] : [];
  });
  const isNewEnough = ({ version }) => {
    const [major, minor] = version.split('.').map(Number);
    return major === oldest.python[0] && minor >= oldest.python[1];
  };
  const wanted = `Python ${oldest.python.join('.')} or newer`;
  if (found.length === 0) {
    throw new SetupError(
      `python3 is not on PATH: install ${wanted} (the local AWS is written in it), ${again}.`,
    );
  }
  const python = found.find(isNewEnough);
  if (!python) {
    throw new SetupError(`Python ${found[0].version} is too old: install ${wanted}, ${again}.`);
  }
  return python;
};

const createVenv = async () => {
  const python = findPython();
  const created = await run('Creating .venv', python.name, ['-m', 'venv', '--clear', '.venv']);
  if (!created.ok || !existsSync(venvPython)) {
    const minor = python.version.split('.').slice(0, 2).join('.');
    throw new SetupError(
      `Python ${python.version} cannot create a virtual environment: install its venv and pip (on Debian or Ubuntu: apt install python${minor}-venv), ${again}.`,
    );
  }
};

const installRequirements = async (title, requirements) => {
  const { ok, output } = await run(title, venvPython, [
    ...['-m', 'pip', 'install', '--disable-pip-version-check', '--no-input', '--retries', '2'],
    ...['-r', requirements],
  ]);
  if (!ok && noNetwork(output)) {
    throw new SetupError(
      `pip could not reach its index: connect to the network (or set a reachable index with pip config set global.index-url <url>), ${again}.`,
    );
  }
  if (!ok) throw new SetupError(`pip install failed: read the end of .local/setup.log, ${again}.`);
};

const installLocalAws = async () => {
  await createVenv();
  await installRequirements('Installing the local AWS (MiniStack)', localAwsRequirements);
};

const installLinter = async () => {
  if (!existsSync(venvPython)) await createVenv();
  await installRequirements('Installing cfn-lint', linterRequirements);
};

const named = process.argv.slice(2);
const parts = named.length > 0 ? named : ['local-aws'];

try {
  checkNode();
  mkdirSync(join(root, '.local'), { recursive: true });
  await unlessStamped('node_modules/.installed', 'package-lock.json', installPackages);
  if (parts.includes('local-aws'))
    await unlessStamped('.venv/.installed', localAwsRequirements, installLocalAws);
  if (parts.includes('linter'))
    await unlessStamped('.venv/.linter-installed', linterRequirements, installLinter);
} catch (error) {
  console.error(error instanceof SetupError ? error.message : error);
  process.exitCode = 1;
}
