import { LabIcon, VDomRenderer } from '@jupyterlab/ui-components';
import type { Message } from '@lumino/messaging';
import { Poll } from '@lumino/polling';

import type { Exercise, Version } from './api';
import { ExerciseCard } from './card';
import type { ExercisesModel } from './model';
import { moment } from './words';

const icon = new LabIcon({
  name: 'puppetcamp:exercises',
  svgstr:
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" width="24">' +
    '<path class="jp-icon3" fill="#616161" d="M3 5.5 4.4 4l1.7 1.7L9.4 2.400 10.800' +
    ' 3.8 6.100 8.500zM3 12.500 4.400 11l1.700 1.700L9.400 9.400l1.400 1.400-4.700' +
    ' 4.700zM3 19.500 4.400 18l1.700 1.700 3.300-3.300 1.400 1.400-4.700 4.700zM13' +
    ' 5h8v2h-8zM13 12h8v2h-8zM13 19h8v2h-8z"/></svg>'
});

const SECONDS = 1000;

/** What the panel asks of JupyterLab. */
export interface Surroundings {
  open: (path: string) => void;
  openFeedback: (path: string, title: string) => void;
}

/** The panel; asks the camp every 20 s, but only while it can be seen. */
export class ExercisesPanel extends VDomRenderer<ExercisesModel> {
  private readonly poll: Poll;

  constructor(
    model: ExercisesModel,
    private readonly surroundings: Surroundings
  ) {
    super(model);
    this.id = 'puppetcamp-exercises';
    this.addClass('camp-Exercises');
    this.title.icon = icon;
    this.title.caption = 'Exercises';
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', 'Exercises');
    this.poll = new Poll({
      auto: false,
      factory: () => model.refresh(),
      frequency: { interval: 20 * SECONDS, backoff: false },
      standby: () => document.hidden || !this.isVisible
    });
    document.addEventListener('visibilitychange', this.onVisible);
  }

  override dispose(): void {
    document.removeEventListener('visibilitychange', this.onVisible);
    this.poll.dispose();
    super.dispose();
  }

  protected override onAfterShow(message: Message): void {
    super.onAfterShow(message);
    this.onVisible();
  }

  protected override onAfterAttach(message: Message): void {
    super.onAfterAttach(message);
    this.onVisible();
  }

  private readonly onVisible = (): void => {
    if (this.isVisible && !document.hidden) {
      void this.poll.refresh();
    }
  };

  private readonly showFeedback = async (
    exercise: Exercise,
    version: Version
  ): Promise<void> => {
    for (const page of await this.model.feedback(exercise, version)) {
      const title = `Feedback: ${exercise.exercise} ${version.version}`;
      this.surroundings.openFeedback(page, title);
    }
  };

  protected override render(): JSX.Element {
    const { exercises, problem, told, words } = this.model;
    const now = new Date();
    return (
      <>
        <header className="camp-Exercises-head">
          <h2>Exercises</h2>
          <button
            type="button"
            className="camp-Button camp-mod-quiet"
            onClick={() => void this.model.refresh()}
          >
            Refresh
          </button>
        </header>
        {problem && (
          <div className="camp-Message camp-mod-failed" role="alert">
            {problem}
            {told && ` This list is as it was ${moment(told.toISOString(), now)}.`}
          </div>
        )}
        {exercises === null && !problem && <p className="camp-faint">Loading …</p>}
        {exercises?.length === 0 && !problem && (
          <p className="camp-faint">
            No exercise is released yet. When your instructor releases one, it
            appears here.
          </p>
        )}
        <ul className="camp-Exercises-list">
          {exercises?.map(exercise => (
            <ExerciseCard
              key={exercise.exercise}
              exercise={exercise}
              word={words.get(exercise.exercise)}
              now={now}
              onFetch={() => void this.model.fetch(exercise)}
              onSubmit={() => void this.model.submit(exercise)}
              onOpen={this.surroundings.open}
              onFeedback={version => void this.showFeedback(exercise, version)}
            />
          ))}
        </ul>
      </>
    );
  }
}
