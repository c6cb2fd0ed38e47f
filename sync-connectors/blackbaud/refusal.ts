import { VendorFault } from '../frame/vendor-fault.ts';

/** Longer than this no call waits: the run ends, and says until when. */
const LONGEST_WAIT_S = 300;

export type Refusal = { readonly waitMs: number } | { readonly fault: VendorFault };

/**
 * What an answer that is no success means. 403 is a quota only by its header or by its words, which tell until when; else it is a
 * permission that is missing, and nobody waits for that. 401 is the caller's affair, and 404 too.
 * @param where the path, without parameters
 */
export function refusalOf(status: number, retryAfter: string | null, body: string, where: string): Refusal {
  const isQuota = status === 403 && (retryAfter !== null || /\bquota\b/i.test(body));
  if (status === 429 || isQuota) {
    const seconds = secondsOf(retryAfter) ?? replenishedIn(body) ?? 1;
    if (seconds <= LONGEST_WAIT_S) return { waitMs: seconds * 1_000 };
    const what = isQuota ? 'the quota of calls is used up' : 'the vendor limits the rate of calls';
    return { fault: new VendorFault('throttled', `${where}: ${what}; it asks to wait ${seconds} s`) };
  }
  if (status === 403)
    return {
      fault: new VendorFault(
        'config',
        `config_error: 403 for ${where}: the user who logged in, or the application, has no permission for it; ` +
          'an administrator of the environment can give it',
      ),
    };
  if (status >= 500 || status === 408) return { fault: new VendorFault('unavailable', `${where} answered ${status}`) };
  return { fault: new VendorFault('config', `config_error: ${where} answered ${status}${messageIn(body)}`) };
}

function secondsOf(header: string | null): number | undefined {
  if (header === null) return undefined;
  if (/^\s*\d{1,9}\s*$/.test(header)) return Number(header);
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, Math.ceil((at - Date.now()) / 1_000));
}

/** `Quota will be replenished in 01:02:03.` */
function replenishedIn(body: string): number | undefined {
  const [, hours, minutes, seconds] = /\b(\d{1,3}):(\d\d):(\d\d)\b/.exec(body) ?? [];
  return hours === undefined ? undefined : Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds);
}

/** The vendor's own sentence, where it is short and plain. */
function messageIn(body: string): string {
  const [, message] = /"message"\s*:\s*"([^"\\]{1,160})"/i.exec(body) ?? [];
  return message === undefined ? '' : `: ${message}`;
}
