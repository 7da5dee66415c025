import { Token } from '@lumino/coreutils';

/** What other plugins may know of the camp's clock. */
export interface IClock {
  /** Whether the camp session has ended. */
  readonly over: boolean;
  /** Whether the server was stopped because nobody used it. */
  readonly idled: boolean;
  /** Ask anew, and tell whether the server answered; never throws. */
  refresh(): Promise<boolean>;
}

export const IClock = new Token<IClock>(
  '@puppetcamp/lab:IClock',
  'How much of a camp session is left.'
);
