// What a seat's figures mean: who is where, who needs help, how far somebody is.

import { notebook } from "./words.js";

const SOON = 10 * 60;
const SOLVED = new Set(["submitted", "graded"]);

/** States in the order in which the legend shows them. */
export const ORDER = [
  "in-use", "idle", "starting", "queued", "warming", "stopping", "away", "expired", "ended",
];

const RUNNING = new Set(["in-use", "idle"]);

export const runs = (seat) => RUNNING.has(seat.state);

export const isOver = (seat) => seat.state === "expired" || seat.state === "ended";

/** Tell whether a seat's time ends within ten minutes. */
export function endsSoon(seat, left) {
  return left != null && left <= SOON && runs(seat);
}

/** Tell whether all checks of an exercise passed, or it was handed in. */
export function isDone(exercise) {
  const all = exercise.checks > 0 && exercise.checks_passed >= exercise.checks;
  return all || SOLVED.has(exercise.state);
}

export const hasBegun = (exercise) => exercise.state !== "open" || exercise.checks > 0;

/** Find the notebook that somebody is at: the last in course order with a cell run. */
export function lastLesson(seat) {
  return seat.lessons
    .filter((lesson) => lesson.cells_run > 0)
    .sort((a, b) => notebook(a.notebook).localeCompare(notebook(b.notebook)))
    .at(-1);
}

/** Weigh progress, to order by it: exercises first, then cells. */
export function progress(seat) {
  const done = seat.exercises.filter(isDone).length;
  const checks = seat.exercises.reduce((sum, one) => sum + one.checks_passed, 0);
  const cells = seat.lessons.reduce((sum, one) => sum + one.cells_run, 0);
  return done * 1e6 + checks * 1e3 + cells;
}

// Made once: a collator is dear to make and cheap to use.
const collator = new Intl.Collator(undefined, { numeric: true });
const byName = (a, b) => collator.compare(a.attendee, b.attendee);

/** Give the comparison for one of the page's orders; `left` says a seat's seconds. */
export function comparison(order, left) {
  const need = (seat) => (seat.stuck ? 0 : endsSoon(seat, left(seat)) ? 1 : 2);
  const rest = (seat) => (isOver(seat) ? Infinity : left(seat) ?? 1e12);
  const since = (seat) => (seat.stuck ? Date.parse(seat.stuck.since) : 0);
  const weigh = {
    name: () => 0,
    help: (a, b) => need(a) - need(b) || since(a) - since(b),
    left: (a, b) => (rest(a) === rest(b) ? 0 : rest(a) - rest(b)),
    progress: (a, b) => isOver(a) - isOver(b) || progress(a) - progress(b),
  }[order];
  return (a, b) => weigh(a, b) || byName(a, b);
}

/** Filters that the legend offers beside the states. */
export const FILTERS = {
  stuck: { label: "Stuck", hint: "Seem to need help", holds: (seat) => seat.stuck != null },
  soon: { label: "Ends soon", hint: "Ten minutes or less", holds: endsSoon },
};
