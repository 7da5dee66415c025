import type { ServerConnection } from '@jupyterlab/services';
import { VDomModel } from '@jupyterlab/ui-components';

import { sentence } from '../server';
import {
  act,
  list,
  type Action,
  type Done,
  type Exercise,
  type Version
} from './api';

/** What an action on an exercise said, or that it is under way. */
export interface Word {
  kind: 'busy' | 'done' | 'failed';
  text: string;
  notes: string[];
}

/** What the panel shows, and what can be done from it. */
export class ExercisesModel extends VDomModel {
  exercises: Exercise[] | null = null;
  problem = '';
  told: Date | null = null;
  readonly words = new Map<string, Word>();

  constructor(
    private readonly options: {
      settings: ServerConnection.ISettings;
      save: (folder: string) => Promise<string[]>;
    }
  ) {
    super();
  }

  /** Ask anew; what was known stays while there is no answer. */
  async refresh(): Promise<void> {
    try {
      const listing = await list(this.options.settings);
      this.problem = listing.problem;
      this.exercises = listing.exercises;
      if (!listing.problem) {
        this.told = new Date();
      }
    } catch (error) {
      this.problem = sentence(error);
    }
    this.stateChanged.emit();
  }

  async fetch(exercise: Exercise): Promise<void> {
    await this.run(exercise, 'Fetching …', 'fetch');
  }

  /** Save what is open of the exercise, then submit it. */
  async submit(exercise: Exercise): Promise<void> {
    await this.run(exercise, 'Saving and submitting …', 'submit', async () => {
      const saved = exercise.path ? await this.options.save(exercise.path) : [];
      return saved.length ? [`Saved first: ${saved.join(', ')}.`] : [];
    });
  }

  /** Get the pages of feedback on a version; empty if there are none to open. */
  async feedback(exercise: Exercise, version: Version): Promise<string[]> {
    const body = { submitted_at: version.submitted_at };
    const text = 'Getting the feedback …';
    const done = await this.run(exercise, text, 'feedback', undefined, body);
    return done?.pages ?? [];
  }

  private async run(
    exercise: Exercise,
    text: string,
    action: Action,
    before: () => Promise<string[]> = async () => [],
    body: Record<string, string> = {}
  ): Promise<Done | null> {
    const name = exercise.exercise;
    if (this.words.get(name)?.kind === 'busy') {
      return null;
    }
    this.say(name, { kind: 'busy', text, notes: [] });
    try {
      const first = await before();
      const done = await act(this.options.settings, name, action, body);
      const notes = [...done.notes, ...first];
      this.say(name, { kind: 'done', text: done.message, notes });
      return done;
    } catch (error) {
      this.say(name, { kind: 'failed', text: sentence(error), notes: [] });
      return null;
    } finally {
      await this.refresh();
    }
  }

  private say(exercise: string, word: Word): void {
    this.words.set(exercise, word);
    this.stateChanged.emit();
  }
}
