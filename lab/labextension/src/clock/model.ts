import type { ServerConnection } from '@jupyterlab/services';
import { VDomModel } from '@jupyterlab/ui-components';
import { Signal } from '@lumino/signaling';

import { sentence } from '../server';
import { act, look, type Notice, type Standing } from './api';
import { Countdown, clock, reached, words } from './countdown';
import type { ReadNotices } from './notices';
import type { Saved } from './saving';

/** When everything is saved, in seconds before the end. */
const SAVE_AT = [60, 30, 10, 3];
const LAST_SAVE = 3;
/** More than this is a gift, less is the network. */
const GIFT = 30;
/** So near to its end, a server that does not answer has been stopped. */
const NEAR = 5;
const OVER = ['expired', 'ended'];

/** The attendee's time: what the camp said, and what follows from it now. */
export class ClockModel extends VDomModel {
  standing: Standing | null = null;
  asking = false;
  word = '';
  gift = '';
  over = false;
  idled = false;
  saved: Saved | null = null;
  /** What all views show, so that no two of them differ by a second. */
  shown: { left: string | null; idle: string | null } = { left: null, idle: null };
  readonly announced = new Signal<this, string>(this);
  private readonly left = new Countdown();
  private readonly idle = new Countdown();
  private dismissed: number | null = null;
  private warned: number | null = null;
  private saveMark: number | null = null;
  private saving = Promise.resolve();
  private noticing = false;
  private touched = performance.now();

  constructor(
    private readonly options: {
      settings: ServerConnection.ISettings;
      save: (copies: boolean) => Promise<Saved>;
      read: ReadNotices;
    }
  ) {
    super();
  }

  /** The seconds left of the camp session; null for who has no deadline. */
  get seconds(): number | null {
    return this.left.seconds(performance.now());
  }

  /** The seconds until an unused server is stopped; null while it is in use. */
  get idleSeconds(): number | null {
    return this.idle.seconds(performance.now());
  }

  get paused(): boolean {
    return this.standing?.paused === true;
  }

  /** The mark of the warning that has been reached, as [10, 5, 1] minutes; or null. */
  get warning(): number | null {
    return reached(this.standing?.warn_at_seconds ?? [], this.seconds);
  }

  /** Whether the warning has not been put away; the last one cannot be. */
  get warns(): boolean {
    const { warning } = this;
    return warning !== null && (warning !== this.dismissed || this.isLast);
  }

  get isLast(): boolean {
    const marks = this.standing?.warn_at_seconds ?? [];
    return marks.length > 0 && this.warning === Math.min(...marks);
  }

  get notices(): Notice[] {
    const notices = this.standing?.notices ?? [];
    return notices.filter(notice => !this.options.read.has(notice.id));
  }

  get canAsk(): boolean {
    return this.standing?.extension?.allowed === true;
  }

  /**
   * Ask the seat's server, and tell whether it answered.
   *
   * What was known goes on while there is no answer.
   */
  async refresh(): Promise<boolean> {
    const began = performance.now();
    let heard = true;
    try {
      const untouched = (began - this.touched) / 1000;
      this.hear(await look(this.options.settings, untouched), began);
    } catch {
      heard = false;
      this.miss();
    }
    this.tick();
    return heard;
  }

  /** Ask for more time, as the rules allow. */
  async askForMore(): Promise<void> {
    await this.act('extension');
  }

  /** Say that somebody is there. */
  async stay(): Promise<void> {
    await this.act('presence');
  }

  /** Somebody touched this page: who is asked whether they are there, is. */
  async touch(): Promise<void> {
    this.touched = performance.now();
    if (this.idleSeconds === null || this.noticing || this.over) {
      return;
    }
    this.noticing = true;
    const began = performance.now();
    try {
      this.hear(await act(this.options.settings, 'presence'), began);
    } catch {
      // The button is still there, and says why it does not work.
    } finally {
      this.noticing = false;
    }
  }

  dismissWarning(): void {
    this.dismissed = this.warning;
    this.stateChanged.emit();
  }

  dismissGift(): void {
    this.gift = '';
    this.stateChanged.emit();
  }

  dismissNotice(notice: Notice): void {
    this.options.read.add(notice.id);
    this.stateChanged.emit();
  }

  /** Do what the moment asks for; call it several times a second. */
  tick(): void {
    const { seconds } = this;
    this.warn();
    const mark = this.paused ? null : reached(SAVE_AT, seconds);
    if (mark !== this.saveMark) {
      this.saveMark = mark;
      if (mark !== null) {
        void this.save(mark <= LAST_SAVE);
      }
    }
    const [left, idle] = [seconds, this.idleSeconds].map(s =>
      s === null ? null : clock(s)
    ) as [string | null, string | null];
    if (left !== this.shown.left || idle !== this.shown.idle) {
      this.shown = { left, idle };
      this.stateChanged.emit();
    }
  }

  /** Save what is open, one time after the other. */
  async save(copies = false): Promise<void> {
    this.saving = this.saving.then(async () => {
      const saved = await this.options.save(copies);
      const copied = new Set([...(this.saved?.copied ?? []), ...saved.copied]);
      this.saved = { ...saved, copied: [...copied] };
      this.stateChanged.emit();
    });
    await this.saving;
  }

  private hear(standing: Standing, began: number): void {
    const [before, paused] = [this.seconds, this.paused];
    const known = this.standing?.state === 'known';
    const had = new Set(this.standing?.notices?.map(notice => notice.id));
    this.standing = standing;
    const now = performance.now();
    const at = (began + now) / 2;
    this.left.set(standing.remaining_seconds ?? null, this.paused, at);
    this.idle.set(standing.idle_seconds ?? null, false, at);
    this.over = OVER.includes(standing.phase ?? '');
    this.idled = false;
    const gained = (this.seconds ?? 0) - (before ?? Infinity);
    if (gained > GIFT) {
      this.gift = `You have ${words(gained)} more.`;
      this.announced.emit(this.gift);
      this.dismissed = this.warned = null;
    }
    if (known && paused !== this.paused) {
      this.announced.emit(
        this.paused ? 'The camp’s clock is paused.' : 'The camp’s clock goes on.'
      );
    }
    for (const notice of this.notices.filter(({ id }) => !had.has(id))) {
      this.announced.emit(`${notice.sender || 'The camp'} says: ${notice.text}`);
    }
    this.stateChanged.emit();
  }

  /** A server that does not answer at its deadline has been stopped. */
  private miss(): void {
    const { seconds, idleSeconds } = this;
    const ended = seconds !== null && seconds <= NEAR && !this.paused;
    this.idled ||= !ended && idleSeconds !== null && idleSeconds <= NEAR;
    if (ended && !this.over) {
      this.over = true;
      this.announced.emit('Your camp session has ended.');
      this.stateChanged.emit();
    }
  }

  private warn(): void {
    const { warning } = this;
    if (warning === this.warned) {
      return;
    }
    const closer = warning !== null && warning < (this.warned ?? Infinity);
    this.warned = warning;
    if (closer && this.seconds) {
      this.gift = '';
      this.announced.emit(`${words(this.seconds)} left of your camp session.`);
    }
    this.stateChanged.emit();
  }

  private async act(action: 'extension' | 'presence'): Promise<void> {
    if (this.asking) {
      return;
    }
    this.asking = true;
    this.word = '';
    this.stateChanged.emit();
    const began = performance.now();
    try {
      this.hear(await act(this.options.settings, action), began);
    } catch (error) {
      this.word = sentence(error);
      this.announced.emit(this.word);
    } finally {
      this.asking = false;
      this.tick();
      this.stateChanged.emit();
    }
  }
}
