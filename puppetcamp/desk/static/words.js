// Figures and states in words: the same everywhere on the desk.

export const STATES = {
  "in-use": "At work",
  idle: "Idle",
  starting: "Starting",
  queued: "In line",
  warming: "Being warmed",
  stopping: "Stopping",
  away: "Away",
  expired: "Time is up",
  ended: "Ended",
};

export const STATE_HINTS = {
  "in-use": "Their machine runs and they use it",
  idle: "Their machine runs, but nobody has touched it for a while",
  starting: "Their machine is starting",
  queued: "Waiting for their turn to start or for a free seat",
  warming: "A machine is made ready before they arrive",
  stopping: "Their machine is stopping; their files are kept",
  away: "They have time left, but no machine is running",
  expired: "Their time is used up",
  ended: "Their session was ended from the desk",
};

const two = (number) => String(number).padStart(2, "0");

/** Write seconds as h:mm:ss, rounded up: 0:00:00 is said at the deadline, not before. */
export function figure(seconds) {
  const whole = Math.max(0, Math.ceil(seconds));
  const hours = Math.floor(whole / 3600);
  return `${hours}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
}

/** Write a length of time in the largest unit that tells something. */
export function length(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.round(whole / 60);
  if (minutes < 60) return `${minutes} min`;
  const rest = minutes % 60;
  return rest ? `${Math.floor(minutes / 60)} h ${rest} min` : `${minutes / 60} h`;
}

export function bytes(number) {
  if (number == null) return "";
  const mib = number / 2 ** 20;
  if (mib < 1000) return `${Math.round(mib)} MiB`;
  return `${(mib / 1024).toFixed(mib < 10240 ? 1 : 0)} GiB`;
}

/** Count things: `count(1, "seat")` is "1 seat", `count(2, "seat")` "2 seats". */
export function count(number, noun, plural = `${noun}s`) {
  return `${number} ${number === 1 ? noun : plural}`;
}

/** Name a few and count the rest: "ada, bob and 23 others". */
export function names(list, most = 3) {
  if (list.length < 2) return list.join("");
  if (list.length <= most) return `${list.slice(0, -1).join(", ")} and ${list.at(-1)}`;
  const rest = list.length - most + 1;
  return `${list.slice(0, most - 1).join(", ")} and ${rest} others`;
}

/** Shorten a notebook's path to what people call it: "lessons/01_files.ipynb". */
export function notebook(path) {
  return path.split("/").at(-1).replace(/\.ipynb$/, "");
}
