import type { ServerConnection } from '@jupyterlab/services';

import { ask } from '../server';

/** One submission, as the camp keeps it; times are ISO 8601 by the camp's clock. */
export interface Version {
  submission: string;
  version: number;
  submitted_at: string;
  late_seconds: number | null;
  feedback_at: string | null;
  score: number | null;
  max_score: number | null;
}

/** How the attendee stands with one exercise; `versions` are oldest first. */
export interface Exercise {
  exercise: string;
  released_at: string | null;
  due_at: string | null;
  withdrawn_at: string | null;
  versions: Version[];
  fetched: boolean;
  path: string | null;
  notebooks: (string | null)[];
}

/** All exercises; `problem` says why the camp could not be asked, or is empty. */
export interface Listing {
  problem: string;
  exercises: Exercise[];
}

/** What an action did. */
export interface Done {
  message: string;
  notes: string[];
  pages: string[];
}

export type Action = 'fetch' | 'submit' | 'feedback';

export async function list(
  settings: ServerConnection.ISettings
): Promise<Listing> {
  return (await ask(settings, '/exercises', { method: 'GET' })) as Listing;
}

export async function act(
  settings: ServerConnection.ISettings,
  exercise: string,
  action: Action,
  body: Record<string, string> = {}
): Promise<Done> {
  const path = `/exercises/${encodeURIComponent(exercise)}/${action}`;
  const request = { method: 'POST', body: JSON.stringify(body) };
  return (await ask(settings, path, request)) as Done;
}
