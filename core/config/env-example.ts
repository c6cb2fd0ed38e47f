import { settingDocs, settings } from './settings.ts';

/** The text of `.env.example`: every setting, commented out at its default. */
export function envExample(): string {
  const entries = Object.entries(settings.shape).map(([name, schema]) => {
    const { initial = '', doc = '', shown } = settingDocs.get(schema) ?? {};
    return shown === undefined ? `# ${doc}\n# ${name}=${initial}\n` : `# ${doc}\n# Default: ${shown}.\n# ${name}=\n`;
  });
  return ['# Every setting, at its default. Copy to .env and uncomment what you change.\n', ...entries].join('\n');
}
