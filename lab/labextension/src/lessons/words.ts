import type { Exercise } from '../exercises/api';
import { standing } from '../exercises/words';
import type { Lesson } from './api';

/** Number a lesson as its file does: "03_facts" is "03". */
export function number(lesson: Lesson): string {
  return /^\d+/.exec(lesson.lesson)?.[0] ?? '';
}

/** Say a length of time: "15 minutes", "3 hours 45 minutes". */
export function duration(minutes: number): string {
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  return [count(hours, 'hour'), count(rest, 'minute')]
    .filter(part => !part.startsWith('0 '))
    .join(' ');
}

/** Say how long the course is, and how much of it is done. */
export function summary(lessons: Lesson[]): string {
  const all = count(lessons.length, 'lesson');
  const minutes = total(lessons);
  const length = minutes ? `, ${duration(minutes)} in all` : '';
  const done = lessons.filter(lesson => lesson.state === 'done').length;
  if (done === 0) {
    return `${all}${length}.`;
  }
  if (done === lessons.length) {
    return `${all}${length}. All of them are done.`;
  }
  const left = total(lessons.filter(lesson => lesson.state !== 'done'));
  const ahead = left ? `, ${duration(left)} are ahead` : '';
  return `${all}${length}. ${done} done${ahead}.`;
}

/** Say how far a lesson is: "5 of 12 cells run, 1 of 2 checks passed". */
export function progress(lesson: Lesson): string {
  const checks = lesson.checks
    ? `, ${lesson.checks_passed} of ${count(lesson.checks, 'check')} passed`
    : '';
  return `${lesson.cells_run} of ${count(lesson.cells, 'cell')} run${checks}`;
}

/** Give how much of a lesson is done, between 0 and 1. */
export function share(lesson: Lesson): number {
  const steps = lesson.cells + lesson.checks;
  return steps ? (lesson.cells_run + lesson.checks_passed) / steps : 0;
}

/** Say what pressing a lesson's button does. */
export function verb(lesson: Lesson): string {
  if (lesson.path === null) {
    return 'Get it back';
  }
  return { new: 'Begin', begun: 'Continue', done: 'Open' }[lesson.state];
}

/** Say how far the attendee is with an exercise that may not be released yet. */
export function exerciseStanding(exercise: Exercise | undefined): string {
  if (!exercise) {
    return 'not released yet';
  }
  const said = standing(exercise);
  return said.charAt(0).toLowerCase() + said.slice(1);
}

function total(lessons: Lesson[]): number {
  return lessons.reduce((sum, lesson) => sum + (lesson.minutes ?? 0), 0);
}

function count(value: number, unit: string): string {
  return `${value} ${unit}${value === 1 ? '' : 's'}`;
}
