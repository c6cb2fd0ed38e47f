import { createServer } from 'node:http';
import { createLog } from '@millrace/core/log/create-log';

/** Logs without end, and answers 200: `node logging-service.ts <port>`. */
const log = createLog({ name: 'talker', level: 'info' });
setInterval(() => log.info({ padding: 'x'.repeat(200) }, 'a line'), 2);
createServer((_, response) => response.end()).listen(Number(process.argv[2]), '127.0.0.1');
