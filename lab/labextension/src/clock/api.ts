import type { ServerConnection } from '@jupyterlab/services';

import { ask } from '../server';

/** A message from the desk; `link` is an address of the camp, or empty. */
export interface Notice {
  id: string;
  text: string;
  sender: string;
  at: string;
  link: string;
}

/** Whether more time can be had by asking, how much, how often still; else why not. */
export interface Extension {
  allowed?: boolean;
  seconds?: number;
  left?: number | null;
  reason?: string | null;
}

/** How the camp's clock stands; numbers are seconds at the moment of the answer. */
export interface Standing {
  state: 'known' | 'unknown' | 'outside';
  problem: string;
  phase?: string | null;
  remaining_seconds?: number | null;
  paused?: boolean;
  progress?: boolean;
  warn_at_seconds?: number[];
  extension?: Extension | null;
  idle_seconds?: number | null;
  notices?: Notice[];
  take_home?: { state?: string; url?: string | null } | null;
}

/** Ask for the time; `untouched` is for how many seconds nobody touched this page. */
export async function look(
  settings: ServerConnection.ISettings,
  untouched: number
): Promise<Standing> {
  const request = { method: 'GET', cache: 'no-store' as const };
  const path = `/clock?untouched=${Math.max(0, Math.floor(untouched))}`;
  return (await ask(settings, path, request)) as Standing;
}

export async function act(
  settings: ServerConnection.ISettings,
  action: 'extension' | 'presence'
): Promise<Standing> {
  const request = { method: 'POST', body: '{}' };
  return (await ask(settings, `/clock/${action}`, request)) as Standing;
}
