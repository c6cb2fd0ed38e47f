import type { ProblemKind } from './problem-kind.ts';

/** What ends a service or a command that starts, and is never an answer over HTTP. */
export const startProblems = {
  'registry-unavailable': {
    status: 503,
    retriable: true,
    title: 'The schema registry does not answer',
    advice: 'A service that starts waits for it; of a command, look at `SCHEMA_REGISTRY_URL` and run it again.',
  },
  'invalid-config': {
    status: 500,
    retriable: false,
    title: 'Invalid setting',
    advice: 'Correct the variables that the lines name. `.env.example` has all of them.',
  },
  'invalid-schema': {
    status: 500,
    retriable: false,
    title: 'Invalid schema file',
    advice: 'Correct the files that the lines name.',
  },
  'incompatible-schema': {
    status: 500,
    retriable: false,
    title: 'A schema does not fit the registered one',
    advice:
      'Undo the change, or make one that [evolution](adding-a-stream.md) allows; `make schema-check` tells before a start.',
  },
  'port-in-use': {
    status: 500,
    retriable: false,
    title: 'The port is in use',
    advice: 'End what listens there, or move the service by the variable that the line names.',
  },
} as const satisfies Record<string, ProblemKind>;
