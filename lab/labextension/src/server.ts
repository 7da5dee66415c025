import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';

/** A sentence for the attendee: what was not done, and what to do next. */
export class Refused extends Error {}

/** Nobody answered, or not this JupyterLab's server: it may have stopped. */
export class Silent extends Refused {}

const SILENT =
  'Your JupyterLab does not answer: your connection may be gone, or your server ' +
  'has stopped. What is saved stays. Reload this page in a minute.';

/** Ask this JupyterLab's server below `/puppetcamp`; throws Refused. */
export async function ask(
  settings: ServerConnection.ISettings,
  path: string,
  request: RequestInit
): Promise<unknown> {
  const url = URLExt.join(settings.baseUrl, 'puppetcamp') + path;
  let response: Response;
  try {
    response = await ServerConnection.makeRequest(url, request, settings);
  } catch {
    throw new Silent(SILENT);
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
  if ([403, 404, 424].includes(response.status) || response.status >= 502) {
    throw new Silent(SILENT);
  }
  throw new Refused(
    `JupyterLab answered with an error (${response.status}). What is saved ` +
      'stays. Try again, and tell an instructor if it lasts.'
  );
}

/** Say what went wrong. */
export function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
