// The wall: every seat a tile that empties with its time, and a legend that filters.

import { byId, h, mark, say, svg } from "./dom.js";
import { FILTERS, isOver, ORDER } from "./tell.js";
import { count, figure, STATE_HINTS, STATES } from "./words.js";

const LARGE = 40;
const SMALL = 12;
const HEIGHT = 200;

/** Find the largest tile, in CSS pixels, with which the wall stays low; and the rows. */
function fit(width, places) {
  for (let size = LARGE; ; size -= 1) {
    const perRow = Math.max(1, Math.floor(width / size));
    if (size <= SMALL || Math.ceil(places / perRow) * size <= HEIGHT) return { size, perRow };
  }
}

/** Draw the wall; `open(name)` opens somebody's details, `pick(filter)` filters. */
export class Wall {
  #tiles = new Map();
  #laid = "";
  #legend = new Map();

  constructor(clock, open, pick) {
    this.clock = clock;
    this.pick = pick;
    this.picture = svg("svg", { class: "tiles", role: "img" });
    this.picture.addEventListener("click", (event) => {
      const tile = event.target.closest("[data-name]");
      if (tile) open(tile.dataset.name);
    });
    byId("wall").append(this.picture);
    new ResizeObserver(() => this.last && this.update(this.last)).observe(byId("wall"));
    this.#button("", "All", "Everybody");
    for (const [key, { label, hint }] of Object.entries(FILTERS)) this.#button(key, label, hint);
    for (const state of ORDER) this.#button(state, STATES[state], STATE_HINTS[state]);
  }

  update(snapshot) {
    this.last = snapshot;
    const { seats, camp } = snapshot;
    const places = Math.max(seats.length, camp.seats);
    const width = byId("wall").clientWidth || LARGE;
    const { size, perRow } = fit(width, places);
    const laid = [places, width, ...seats.map((seat) => seat.attendee)].join("\n");
    if (laid !== this.#laid) this.#lay(seats, places, { width, size, perRow });
    this.#laid = laid;
    const counts = { "": seats.length, stuck: 0, soon: 0 };
    for (const seat of seats) {
      const left = this.clock.left(seat, camp.paused);
      counts[seat.state] = (counts[seat.state] ?? 0) + 1;
      for (const [key, { holds }] of Object.entries(FILTERS)) counts[key] += holds(seat, left);
      this.#draw(seat, left, size);
    }
    this.#count(counts);
    const running = (counts["in-use"] ?? 0) + (counts.idle ?? 0);
    const caption = `${running} of ${count(camp.seats, "seat")} running`;
    say(byId("wall-caption"), caption);
    mark(this.picture, "aria-label", `${caption}. ${this.#summary(counts)}`);
  }

  press(filter) {
    for (const [key, { button }] of this.#legend) mark(button, "aria-pressed", String(key === (filter ?? "")));
  }

  #button(key, label, hint) {
    const number = h("strong");
    const button = h("button", { type: "button", title: hint, "data-state": key, "aria-pressed": String(key === ""), onclick: () => this.pick(key || null) },
      h("span", { class: "swatch", "aria-hidden": "true" }), label, " ", number);
    this.#legend.set(key, { button, number });
    byId("legend").append(button);
  }

  #count(counts) {
    for (const [key, { button, number }] of this.#legend) {
      const many = counts[key] ?? 0;
      say(number, String(many));
      const hide = key !== "" && many === 0 && button.getAttribute("aria-pressed") !== "true";
      if (button.hidden !== hide) button.hidden = hide;
    }
  }

  #summary(counts) {
    const said = [...Object.keys(FILTERS), ...ORDER].filter((key) => counts[key]);
    return said.map((key) => `${STATES[key] ?? FILTERS[key].label}: ${counts[key]}`).join(", ");
  }

  /** Put the tiles in their places; what they show is drawn apart from it. */
  #lay(seats, places, { width, size, perRow }) {
    this.#tiles.clear();
    const rows = Math.ceil(places / perRow);
    mark(this.picture, "width", width);
    mark(this.picture, "height", Math.max(1, rows) * size);
    const gap = size > 14 ? 3 : 1;
    const at = (index) => `translate(${(index % perRow) * size + gap / 2},${Math.floor(index / perRow) * size + gap / 2})`;
    const box = { width: size - gap, height: size - gap, rx: Math.min(4, size / 6) };
    const tiles = seats.map((seat, index) => {
      const parts = {
        title: svg("title"),
        level: svg("rect", { class: "level", ...box }),
        sign: svg("text", { x: box.width / 2, y: box.height * 0.66, "text-anchor": "middle", "font-size": box.height * 0.42 }),
      };
      const tile = svg("g", { class: "tile", transform: at(index), "data-name": seat.attendee },
        parts.title, svg("rect", { class: "ground", ...box }), parts.level, svg("rect", { class: "edge", ...box }), parts.sign);
      this.#tiles.set(seat.attendee, { tile, ...parts });
      return tile;
    });
    const free = Array.from({ length: places - seats.length }, (_, index) =>
      svg("rect", { class: "free", transform: at(seats.length + index), ...box }));
    this.picture.replaceChildren(...tiles, ...free);
  }

  #draw(seat, left, size) {
    const parts = this.#tiles.get(seat.attendee);
    if (!parts) return;
    const height = size - (size > 14 ? 3 : 1);
    const whole = seat.started && seat.deadline ? (Date.parse(seat.deadline) - Date.parse(seat.started)) / 1000 : 0;
    const share = isOver(seat) || !whole || left == null ? 0 : Math.min(1, left / whole);
    const level = Math.round(share * height * 2) / 2;
    mark(parts.tile, "data-state", seat.state);
    mark(parts.tile, "data-stuck", seat.stuck != null);
    mark(parts.level, "height", level);
    mark(parts.level, "y", height - level);
    say(parts.sign, seat.stuck ? "!" : size > 24 ? seat.attendee.slice(0, 2) : "");
    const time = left == null || isOver(seat) ? "" : `, ${figure(left).replace(/:\d\d$/, "")} h left`;
    say(parts.title, `${seat.attendee}: ${STATES[seat.state] ?? seat.state}${time}${seat.stuck ? `, stuck: ${seat.stuck.why}` : ""}`);
  }
}
