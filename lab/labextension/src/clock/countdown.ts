const MINUTE = 60;
const HOUR = 60 * MINUTE;
const SECOND = 1000;

/** Differences below this are the network's; following them makes seconds stutter. */
const JITTER = 0.75;

/** Seconds that run down by the browser's own steady clock, between two answers. */
export class Countdown {
  private left: number | null = null;
  private at = 0;
  private stands = false;

  /** Take over what an answer says was left at the moment `at`. */
  set(left: number | null, stands: boolean, at: number): void {
    const before = this.seconds(at);
    const same =
      left !== null &&
      before !== null &&
      stands === this.stands &&
      Math.abs(left - before) < JITTER;
    if (!same) {
      this.left = left;
      this.at = at;
      this.stands = stands;
    }
  }

  /** Return the seconds that are left; null if no end is known. */
  seconds(now: number): number | null {
    if (this.left === null || this.stands) {
      return this.left;
    }
    return Math.max(0, this.left - (now - this.at) / SECOND);
  }
}

/** Write a length of time as every clock of the camp does: 2:05:09, rounded up. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds));
  const two = (value: number) => String(value).padStart(2, '0');
  const [hours, rest] = [Math.floor(whole / HOUR), whole % HOUR];
  return `${hours}:${two(Math.floor(rest / MINUTE))}:${two(rest % MINUTE)}`;
}

/** Say a length of time in words: "1 minute", "15 minutes", "45 seconds". */
export function words(seconds: number): string {
  const [count, unit] =
    seconds < MINUTE
      ? [Math.ceil(seconds), 'second']
      : [Math.round(seconds / MINUTE), 'minute'];
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

/** Find the most urgent of some marks that has been reached; null if none has. */
export function reached(marks: number[], left: number | null): number | null {
  const those = left === null ? [] : marks.filter(mark => left <= mark);
  return those.length ? Math.min(...those) : null;
}
