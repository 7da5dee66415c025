import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';

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

/** A sentence for the attendee: what was not done, and what to do next. */
export class Refused extends Error {}

const SILENT =
  'Your JupyterLab does not answer: your connection may be gone, or your server ' +
  'has stopped. What is saved stays. Reload this page in a minute.';

export async function list(
  settings: ServerConnection.ISettings
): Promise<Listing> {
  return (await ask(settings, '', { method: 'GET' })) as Listing;
}

export async function act(
  settings: ServerConnection.ISettings,
  exercise: string,
  action: Action,
  body: Record<string, string> = {}
): Promise<Done> {
  const path = `/${encodeURIComponent(exercise)}/${action}`;
  const request = { method: 'POST', body: JSON.stringify(body) };
  return (await ask(settings, path, request)) as Done;
}

/** Ask this JupyterLab's server; throws Refused with a sentence. */
async function ask(
  settings: ServerConnection.ISettings,
  path: string,
  request: RequestInit
): Promise<unknown> {
  const url = URLExt.join(settings.baseUrl, 'puppetcamp/exercises') + path;
  let response: Response;
  try {
    response = await ServerConnection.makeRequest(url, request, settings);
  } catch {
    throw new Refused(SILENT);
  }
  const answer = (await response.json().catch(() => null)) as {
    message?: unknown;
  } | null;
  if (response.ok && answer !== null) {
    return answer;
  }
  if (response.status === 409 && typeof answer?.message === 'string') {
    throw new Refused(answer.message);
  }
  throw new Refused(
    response.status === 403 || response.status >= 502
      ? SILENT
      : `JupyterLab answered with an error (${response.status}). What is saved ` +
        'stays. Try again, and tell an instructor if it lasts.'
  );
}
