import { z } from 'zod';
import { serviceNames, services } from '../services/services.ts';
import { setting } from './setting.ts';
import { port } from './setting-types.ts';

/** Where each service of the table listens: every service knows it of the others. */
export const portSettings = z.object(
  Object.fromEntries(
    services.map(({ name, portVariable, port: initial }) => [
      portVariable,
      setting(String(initial), port, `Where ${name} listens; 0 takes any free port.`),
    ]),
  ),
);

const byName = z.record(z.enum(serviceNames), z.number());

export const portsOf = (values: z.output<typeof portSettings>): z.output<typeof byName> =>
  byName.parse(Object.fromEntries(services.map(({ name, portVariable }) => [name, values[portVariable]])));
