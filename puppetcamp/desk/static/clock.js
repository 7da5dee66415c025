// The camp's clock, as this page knows it between two snapshots.

/**
 * Follow the camp's clock by this browser's steady one.
 *
 * A snapshot is always a little old when it arrives, never too young: so the latest
 * offset seen is the best one, and a slow line does not bend the countdown.
 */
export class CampClock {
  #offset = -Infinity;
  #old = false;
  #zone;
  #formats = new Map();

  heard(now, zone) {
    const offset = Date.parse(now) - performance.now();
    this.#offset = this.#old ? offset : Math.max(this.#offset, offset);
    this.#old = false;
    if (zone !== this.#zone) this.#formats.clear();
    this.#zone = zone;
  }

  /** Trust the next snapshot alone: after a lost line the browser may have slept. */
  distrust() {
    this.#old = true;
  }

  now() {
    return this.#offset + performance.now();
  }

  /** Write a moment as people at the camp read it on the wall. */
  wall(moment, seconds = false) {
    let format = this.#formats.get(seconds);
    if (!format) this.#formats.set(seconds, (format = this.#format(seconds)));
    return format.format(moment);
  }

  #format(seconds) {
    const shape = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
    if (seconds) shape.second = "2-digit";
    shape.timeZone = this.#zone;
    return new Intl.DateTimeFormat(undefined, shape);
  }

  /** Give the seconds since a moment; never negative. */
  since(moment) {
    return Math.max(0, (this.now() - Date.parse(moment)) / 1000);
  }

  /** Give the seconds that a seat has left, or null if nothing is counting. */
  left(seat, paused) {
    if (seat.deadline == null) return seat.remaining_seconds ?? null;
    if (paused) return seat.remaining_seconds;
    return Math.max(0, (Date.parse(seat.deadline) - this.now()) / 1000);
  }
}
