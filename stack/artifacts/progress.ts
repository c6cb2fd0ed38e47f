import cliProgress from 'cli-progress';

export type Progress = {
  /** More of the total is done; `label` says what is being worked on. */
  add(amount: number, label?: string): void;
  close(): void;
};

export type Terminal = { write(text: string): unknown; readonly isTTY?: boolean };

type ProgressOptions = {
  readonly title: string;
  readonly total: number;
  readonly unit: string;
  readonly out: Terminal;
  /** How an amount is shown; as it is by default. */
  readonly show?: (amount: number) => string;
};

/** A bar on a terminal; elsewhere a line at the start and at each quarter, so that a CI log stays readable. */
export function showProgress({ title, total, unit, out, show = String }: ProgressOptions): Progress {
  if (out.isTTY) {
    const bar = new cliProgress.SingleBar({
      format: `${title} [{bar}] {percentage}% {done}/${show(total)} ${unit} {label}`,
      barCompleteChar: '=',
      barIncompleteChar: ' ',
      hideCursor: true,
      barsize: 30,
      gracefulExit: true,
    });
    let done = 0;
    bar.start(total, 0, { done: show(0), label: '' });
    return {
      add(amount, label) {
        done += amount;
        bar.update(done, { done: show(done), ...(label !== undefined && { label }) });
      },
      close: () => bar.stop(),
    };
  }

  let done = 0;
  let said = 0;
  out.write(`${title}: ${show(total)} ${unit}\n`);
  return {
    add(amount) {
      done += amount;
      const quarter = Math.floor((4 * done) / total);
      if (quarter > said) {
        said = quarter;
        out.write(`${title}: ${25 * quarter}% of ${show(total)} ${unit}\n`);
      }
    },
    close() {},
  };
}
