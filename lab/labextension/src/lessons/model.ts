import type { ServerConnection } from '@jupyterlab/services';
import { VDomModel } from '@jupyterlab/ui-components';

import { act, list, type Exercise } from '../exercises/api';
import { sentence } from '../server';
import { look, restore, type Course, type Lesson } from './api';

/** What the page shows, and what can be done from it. */
export class LessonsModel extends VDomModel {
  course: Course | null = null;
  /** By name; null while the camp has not said which there are. */
  exercises: Map<string, Exercise> | null = null;
  problem = '';
  /** Why something that was pressed was not done. */
  refused = '';
  private isBusy = false;

  constructor(
    private readonly options: {
      settings: ServerConnection.ISettings;
      /** Open a notebook, and bring one of its cells into view. */
      open: (path: string, cell: string | null) => Promise<void>;
    }
  ) {
    super();
  }

  /** The lesson to go on with; null if all are done or none are known. */
  get next(): Lesson | null {
    const { lessons = [], next = null } = this.course ?? {};
    return lessons.find(lesson => lesson.lesson === next) ?? null;
  }

  /** Look anew at the lessons; what was known stays while there is no answer. */
  async refresh(): Promise<void> {
    try {
      this.course = await look(this.options.settings);
      this.problem = '';
    } catch (error) {
      this.problem = sentence(error);
    }
    this.stateChanged.emit();
  }

  /** Ask the camp for the exercises; lessons can be read without them. */
  async refreshExercises(): Promise<void> {
    try {
      const { exercises, problem } = await list(this.options.settings);
      if (!problem || exercises.length || this.exercises) {
        this.exercises = new Map(exercises.map(one => [one.exercise, one]));
      }
    } catch {
      return;
    }
    this.stateChanged.emit();
  }

  /** Open a lesson where its attendee was last. */
  async open(lesson: Lesson): Promise<void> {
    await this.run(async () => {
      const { settings, open } = this.options;
      const path = lesson.path ?? (await restore(settings, lesson.lesson));
      await open(path, lesson.go_on_at);
    });
  }

  /** Open an exercise's notebook; fetch it before if it is not there. */
  async openExercise(name: string): Promise<void> {
    await this.run(async () => {
      if (!this.notebook(name)) {
        await act(this.options.settings, name, 'fetch');
        await this.refreshExercises();
      }
      const path = this.notebook(name);
      if (!path) {
        throw new Error(`There is no notebook in the exercise ${name}.`);
      }
      await this.options.open(path, null);
    });
  }

  private notebook(name: string): string | null {
    const notebooks = this.exercises?.get(name)?.notebooks ?? [];
    return notebooks.find(path => path !== null) ?? null;
  }

  private async run(action: () => Promise<void>): Promise<void> {
    if (this.isBusy) {
      return;
    }
    this.isBusy = true;
    this.refused = '';
    try {
      await action();
    } catch (error) {
      this.refused = sentence(error);
    } finally {
      this.isBusy = false;
    }
    this.stateChanged.emit();
  }
}
