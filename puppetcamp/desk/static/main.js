// The desk: one snapshot comes in, every part of the page shows its share of it.

import { Actions } from "./actions.js";
import { Bar } from "./bar.js";
import { Machine, Progress, TimeLeft } from "./charts.js";
import { CampClock } from "./clock.js";
import { Detail } from "./detail.js";
import { byId, h, mark, say } from "./dom.js";
import { Feed } from "./feed.js";
import { Audit, News, Problems } from "./news.js";
import { Seats } from "./seats.js";
import { Switches } from "./switches.js";
import { Wall } from "./wall.js";

const LINES = {
  opening: "Connecting …",
  live: "Live",
  lost: "No word from the camp. Trying again …",
  out: "You are signed out.",
  forbidden: "The desk is for the camp's staff.",
};

/** Put the page together and begin to listen. */
function begin() {
  const clock = new CampClock();
  const desk = { snapshot: null };
  const actions = new Actions(desk);
  const act = (action, whom) => actions.begin(action, whom);
  const detail = new Detail(clock, desk, act);
  const open = (name) => detail.open(name);
  const bar = new Bar(act, () => seats.chooseNobody());
  const seats = new Seats(clock, open, () => drawBar());
  const switches = new Switches(clock, act);
  const wall = new Wall(clock, open, pick);
  const parts = [seats, wall, new TimeLeft(clock), new Progress(), new Machine(), new Problems(clock), new Audit(clock), new News()];

  function drawBar() {
    bar.update(seats.chosen, seats.hiddenChosen(), desk.snapshot.seats.length, new Set(desk.snapshot.you.may));
  }

  function pick(filter) {
    seats.filter = filter;
    wall.press(filter);
    seats.show(true);
    drawBar();
  }

  function heard(snapshot) {
    desk.snapshot = snapshot;
    clock.heard(snapshot.camp.now, snapshot.camp.zone);
    for (const part of parts) part.update(snapshot);
    switches.update(snapshot, new Set(snapshot.you.may));
    detail.update();
    drawBar();
    title(snapshot);
    byId("desk").hidden = false;
  }

  function tick() {
    if (!desk.snapshot || document.hidden) return;
    say(byId("camp-clock"), clock.wall(clock.now(), true));
    seats.tick();
    detail.tick();
  }

  byId("search").addEventListener("input", drawBar);
  setInterval(tick, 250);
  new Feed(heard, (state) => {
    if (state !== "live") clock.distrust();
    line(state);
  }).start();
}

function title({ camp, seats, problems, you }) {
  say(byId("you"), you.name === you.role ? you.name : `${you.name}, ${you.role}`);
  mark(byId("home"), "href", `${camp.hub_url}home`);
  say(byId("camp-name"), camp.name);
  const stuck = seats.filter((seat) => seat.stuck).length;
  const alarms = [stuck && `${stuck} stuck`, problems.length && `${problems.length} problems`].filter(Boolean);
  const text = `${alarms.length ? `(${alarms.join(", ")}) ` : ""}Desk: ${camp.name}`;
  if (document.title !== text) document.title = text;
}

function line(state) {
  mark(byId("live"), "data-line", state);
  mark(document.body, "data-stale", state !== "live");
  const words = byId("live-text");
  if (state === "out") {
    words.replaceChildren(`${LINES.out} `, h("a", { href: "" }, "Sign in again"));
  } else say(words, LINES[state]);
}

begin();
