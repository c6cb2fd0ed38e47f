import { execFile } from 'node:child_process';
import { access, constants, readdir, readFile, realpath } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';

export type Java = {
  /** The `java` program. */
  readonly path: string;
  /** e.g. 25 */
  readonly major: number;
  /** Vendor and full version: two Javas that share it can share a start cache. */
  readonly build: string;
};

type Environment = Readonly<Record<string, string | undefined>>;

export const OLDEST_JAVA = 21;

const program = process.platform === 'win32' ? 'java.exe' : 'java';

const majorOf = (version: string): number => Number(/^(?:1\.)?(\d+)/.exec(version)?.[1] ?? 0);

const field = (text: string, name: string): string => new RegExp(`^${name}="?([^"\n]*)`, 'm').exec(text)?.[1] ?? '';

/** What the Java in this home is; undefined when there is none that runs. Its `release` file saves starting it. */
export async function inspectJava(home: string): Promise<Java | undefined> {
  const path = join(home, 'bin', program);
  try {
    await access(path, constants.X_OK);
    const release = await readFile(join(home, 'release'), 'utf8').catch(() => '');
    if (release) {
      const version = field(release, 'JAVA_VERSION');
      const build = `${field(release, 'IMPLEMENTOR')} ${field(release, 'JAVA_RUNTIME_VERSION') || version}`;
      return { path, major: majorOf(version), build };
    }
    const { stderr } = await promisify(execFile)(path, ['-version'], { timeout: 10_000 });
    return { path, major: majorOf(/version "([^"]+)"/.exec(stderr)?.[1] ?? ''), build: stderr };
  } catch {
    return undefined;
  }
}

async function foldersIn(dir: string, inside = ''): Promise<string[]> {
  const names = await readdir(dir).catch(() => []);
  return names.map((name) => join(dir, name, inside));
}

async function onPath(path = ''): Promise<string[]> {
  const homes = await Promise.all(
    path.split(delimiter).map((dir) =>
      realpath(join(dir, program)).then(
        (found) => dirname(dirname(found)),
        () => '',
      ),
    ),
  );
  return homes.filter((home) => home !== '');
}

async function usualHomes(): Promise<string[]> {
  const inMac = join('Contents', 'Home');
  const folders = await Promise.all([
    foldersIn('/usr/lib/jvm'),
    foldersIn('/opt/java'),
    foldersIn('/Library/Java/JavaVirtualMachines', inMac),
    foldersIn(join(homedir(), 'Library', 'Java', 'JavaVirtualMachines'), inMac),
    foldersIn(join(homedir(), '.sdkman', 'candidates', 'java')),
    foldersIn(join('C:', 'Program Files', 'Java')),
    foldersIn(join('C:', 'Program Files', 'Eclipse Adoptium')),
  ]);
  return ['/opt/homebrew/opt/openjdk', ...folders.flat()];
}

/** The Java to run Kafka and the registry on: JAVA_HOME if it is new enough, else the newest that can be found. */
export async function findJava(env: Environment): Promise<Java | undefined> {
  const chosen = env.JAVA_HOME ? await inspectJava(env.JAVA_HOME) : undefined;
  if (chosen && chosen.major >= OLDEST_JAVA) return chosen;

  const homes = new Set([...(await onPath(env.PATH)), ...(await usualHomes())]);
  const found = await Promise.all([...homes].map(inspectJava));
  return found
    .filter((java) => java !== undefined)
    .filter(({ major }) => major >= OLDEST_JAVA)
    .sort((a, b) => b.major - a.major)[0];
}
