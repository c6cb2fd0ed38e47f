import type { z } from 'zod';
import { portSettings } from './port-settings.ts';
import { settingDocs } from './setting.ts';
import { sharedSettings } from './shared-settings.ts';

/**
 * The text of `.env.example`: every setting, commented out at its default.
 * @param own the settings of each service; one that several have stands where the first has it
 */
export function envExample(own: readonly z.ZodObject[]): string {
  const settings = [sharedSettings, portSettings, ...own].flatMap(({ shape }) => Object.entries(shape));
  const entries = [...new Map(settings)].map(([name, schema]) => {
    const { initial = '', doc = '', shown } = settingDocs.get(schema) ?? {};
    return shown === undefined ? `# ${doc}\n# ${name}=${initial}\n` : `# ${doc}\n# Default: ${shown}.\n# ${name}=\n`;
  });
  return ['# Every setting, at its default. Copy to .env and uncomment what you change.\n', ...entries].join('\n');
}
