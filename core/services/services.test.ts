import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { rootDir } from '../config/root-dir.ts';
import { serviceNames, services } from './services.ts';

const foldersWith = (file: string) =>
  readdirSync(rootDir, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'node_modules')
    .filter((entry) => readdirSync(`${rootDir}/${entry.name}`).includes(file))
    .map(({ name }) => name);

describe('the table of services', () => {
  it('has a row for every folder with a service.ts, and no other', () => {
    expect(serviceNames.toSorted()).toEqual(foldersWith('service.ts').toSorted());
  });

  it('gives each a port and a variable of its own', () => {
    expect(new Set(services.map(({ port }) => port)).size).toBe(services.length);
    expect(services.map(({ portVariable }) => portVariable)).toEqual(
      serviceNames.map((name) => `${name.toUpperCase().replaceAll('-', '_')}_PORT`),
    );
  });
});
