// The live line to the camp: snapshots as they change, and word when the line is lost.

import { ask, token } from "./camp.js";

const SILENCE = 30_000;
const AGAIN = 3_000;

/**
 * Listen to the desk's events for as long as the page is open.
 *
 * `heard(snapshot)` is called with each snapshot, `line(state)` with "live", "lost",
 * "out" (signed out) or "forbidden".
 */
export class Feed {
  #source = null;
  #last = 0;
  #again = 0;

  constructor(heard, line) {
    this.heard = heard;
    this.line = line;
  }

  start() {
    this.#open();
    setInterval(() => {
      if (this.#source && performance.now() - this.#last > SILENCE) this.#lost();
    }, 5_000);
    // A phone that wakes up should not show old figures for long.
    document.addEventListener("visibilitychange", () => {
      const silent = performance.now() - this.#last > SILENCE / 2;
      if (!document.hidden && this.#source && silent) this.#lost();
    });
  }

  #open() {
    this.#last = performance.now();
    const source = new EventSource(`api/desk/events?_xsrf=${encodeURIComponent(token())}`);
    this.#source = source;
    source.addEventListener("snapshot", (event) => {
      this.#last = performance.now();
      this.line("live");
      this.heard(JSON.parse(event.data));
    });
    source.addEventListener("ping", () => {
      this.#last = performance.now();
    });
    source.addEventListener("error", () => this.#lost());
  }

  #lost() {
    this.#source?.close();
    this.#source = null;
    this.line("lost");
    clearTimeout(this.#again);
    this.#again = setTimeout(() => this.#probe(), AGAIN);
  }

  /** Ask once in the ordinary way: an event source does not say why it was refused. */
  async #probe() {
    try {
      await ask("api/desk");
      return this.#open();
    } catch (error) {
      if (error.status === 401) return this.line("out");
      if (error.status === 403) return this.line("forbidden");
    }
    return this.#lost();
  }
}
