import type { Exercise, Version } from './api';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Say a moment in the reader's time zone: "today, 14:03", "Mon 23 Nov, 18:00". */
export function moment(iso: string, now: Date): string {
  const when = new Date(iso);
  const time = when.toLocaleTimeString('en-GB', {
    hour: '2-digit',
    minute: '2-digit'
  });
  if (when.toDateString() === now.toDateString()) {
    return `today, ${time}`;
  }
  const day = when.toLocaleDateString('en-GB', {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    ...(when.getFullYear() === now.getFullYear() ? {} : { year: 'numeric' })
  });
  return `${day}, ${time}`;
}

/** Say a length of time roughly: "5 minutes", "3 hours", "2 days". */
export function length(seconds: number): string {
  if (seconds < MINUTE) {
    return 'less than a minute';
  }
  const [size, unit] =
    seconds < 2 * HOUR
      ? [MINUTE, 'minute']
      : seconds < 2 * DAY
        ? [HOUR, 'hour']
        : [DAY, 'day'];
  const count = Math.floor(seconds / size);
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

/** Say when an exercise is due, or else when it was released. */
export function due(exercise: Exercise, now: Date): string {
  if (!exercise.due_at) {
    return exercise.released_at
      ? `Released ${moment(exercise.released_at, now)}; no due date`
      : '';
  }
  const left = (Date.parse(exercise.due_at) - now.getTime()) / 1000;
  const when = moment(exercise.due_at, now);
  return left >= 0
    ? `Due ${when}, in ${length(left)}`
    : `Was due ${when}, ${length(-left)} ago`;
}

export function isOverdue(exercise: Exercise, now: Date): boolean {
  return !!exercise.due_at && Date.parse(exercise.due_at) < now.getTime();
}

/** Say how far the attendee is with an exercise. */
export function standing(exercise: Exercise): string {
  const scored = latestScore(exercise);
  if (scored) {
    return `${score(scored)} for version ${scored.version}`;
  }
  const last = exercise.versions[exercise.versions.length - 1];
  if (last) {
    const graded = exercise.versions.some(version => version.feedback_at);
    const state = graded ? 'feedback is there' : 'not graded yet';
    return `Version ${last.version} submitted, ${state}`;
  }
  return exercise.fetched ? 'Fetched, not submitted' : 'Not fetched';
}

/** Find the newest version that has a score. */
export function latestScore(exercise: Exercise): Version | undefined {
  return [...exercise.versions]
    .reverse()
    .find(version => version.score !== null);
}

/** Say a version's score: "4 of 5 points"; empty without one. */
export function score(version: Version): string {
  if (version.score === null) {
    return '';
  }
  const most = version.max_score;
  const of = most === null ? '' : ` of ${points(most)}`;
  const unit = (most ?? version.score) === 1 ? 'point' : 'points';
  return `${points(version.score)}${of} ${unit}`;
}

function points(value: number): string {
  return String(Math.round(value * 100) / 100);
}

/** Name a notebook by its path: "exercises/motd/motd.ipynb" is "motd". */
export function notebookName(path: string): string {
  return path.replace(/^.*\//, '').replace(/\.ipynb$/, '');
}
