import type { ServerConnection } from '@jupyterlab/services';

import { ask } from '../server';

/** One lesson, and how far the attendee is; `path` is null if its file is missing. */
export interface Lesson {
  lesson: string;
  title: string;
  minutes: number | null;
  teaches: string;
  exercise: string;
  cells: number;
  cells_run: number;
  checks: number;
  checks_passed: number;
  state: 'new' | 'begun' | 'done';
  go_on_at: string | null;
  node_is_new: boolean;
  path: string | null;
}

/** All lessons in their order; `next` is the one to go on with, null after the last. */
export interface Course {
  lessons: Lesson[];
  next: string | null;
}

export async function look(
  settings: ServerConnection.ISettings
): Promise<Course> {
  return (await ask(settings, '/lessons', { method: 'GET' })) as Course;
}

/** Put a missing lesson back as it was; gives its path. */
export async function restore(
  settings: ServerConnection.ISettings,
  lesson: string
): Promise<string> {
  const path = `/lessons/${encodeURIComponent(lesson)}`;
  const answer = await ask(settings, path, { method: 'POST' });
  return (answer as { path: string }).path;
}
