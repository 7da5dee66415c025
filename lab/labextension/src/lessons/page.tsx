import { LabIcon, VDomRenderer } from '@jupyterlab/ui-components';
import type { Message } from '@lumino/messaging';
import { Poll } from '@lumino/polling';

import type { Lesson } from './api';
import type { LessonsModel } from './model';
import { LessonRow, NodeIsNew } from './row';
import { duration, number, summary } from './words';

export const icon = new LabIcon({
  name: 'puppetcamp:lessons',
  svgstr:
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" width="24">' +
    '<path class="jp-icon3" fill="#616161" d="M12 6.500C10.500 5.300 8.300 4.500 6 4.500c' +
    '-1.400 0-2.800.300-4 .800v13.200c1.200-.500 2.600-.800 4-.800 2.300 0 4.500.700 6 1.800 1.500' +
    '-1.100 3.700-1.800 6-1.800 1.400 0 2.800.300 4 .800V5.300c-1.200-.500-2.600-.800-4-.800-2.300 0' +
    '-4.500.800-6 2zM20 16c-.700-.200-1.300-.200-2-.200-1.800 0-3.500.400-5 1V8.100c1.300-1 3.100' +
    '-1.600 5-1.600.700 0 1.400.100 2 .200z"/></svg>'
});

const SECOND = 1000;

/** The page; looks every 5 s, and asks the camp every 20 s, while it can be seen. */
export class LessonsPage extends VDomRenderer<LessonsModel> {
  private readonly lessons: Poll;
  private readonly exercises: Poll;

  constructor(
    model: LessonsModel,
    private readonly showExercises: () => void
  ) {
    super(model);
    this.addClass('camp-Lessons');
    this.lessons = this.poll(5, () => model.refresh());
    this.exercises = this.poll(20, () => model.refreshExercises());
    document.addEventListener('visibilitychange', this.onVisible);
  }

  override dispose(): void {
    document.removeEventListener('visibilitychange', this.onVisible);
    this.lessons.dispose();
    this.exercises.dispose();
    super.dispose();
  }

  protected override onAfterShow(message: Message): void {
    super.onAfterShow(message);
    this.onVisible();
  }

  protected override onAfterAttach(message: Message): void {
    super.onAfterAttach(message);
    // Not before: what holds the page names it "main area content".
    this.node.tabIndex = -1;
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', 'Lessons');
    this.onVisible();
  }

  private poll(seconds: number, factory: () => Promise<void>): Poll {
    return new Poll({
      auto: false,
      factory,
      frequency: { interval: seconds * SECOND, backoff: false },
      standby: () => document.hidden || !this.isVisible
    });
  }

  private readonly onVisible = (): void => {
    if (!this.isVisible || document.hidden) {
      return;
    }
    void this.lessons.refresh();
    // A tab may be seen only until another one has come in front of it.
    window.setTimeout(() => {
      if (this.isVisible && !this.exercises.isDisposed) {
        void this.exercises.refresh();
      }
    }, SECOND);
  };

  protected override render(): JSX.Element {
    const { course, problem, refused, next, exercises } = this.model;
    return (
      <div className="camp-Lessons-page">
        <header>
          <h1>Lessons</h1>
          {course && <p className="camp-faint">{summary(course.lessons)}</p>}
          {next && <Next lesson={next} onOpen={() => void this.model.open(next)} />}
        </header>
        {[problem, refused].filter(Boolean).map(text => (
          <div key={text} className="camp-Message camp-mod-failed" role="alert">
            {text}
          </div>
        ))}
        {!course && !problem && <p className="camp-faint">Loading …</p>}
        {course?.lessons.length === 0 && (
          <p className="camp-faint">This camp has no lessons.</p>
        )}
        <ol className="camp-Lessons-list">
          {course?.lessons.map(lesson => (
            <LessonRow
              key={lesson.lesson}
              lesson={lesson}
              isNext={lesson === next}
              exercises={exercises}
              onOpen={() => void this.model.open(lesson)}
              onExercise={() => void this.model.openExercise(lesson.exercise)}
            />
          ))}
        </ol>
        {course?.lessons.some(lesson => lesson.exercise) && (
          <p className="camp-faint">
            What you did is counted here, in your own seat. Exercises are handed in
            in the side bar:{' '}
            <button
              type="button"
              className="camp-Button camp-mod-quiet"
              onClick={this.showExercises}
            >
              Show Exercises
            </button>
          </p>
        )}
      </div>
    );
  }
}

/** Where to go on, in one press. */
function Next({
  lesson,
  onOpen
}: {
  lesson: Lesson;
  onOpen: () => void;
}): JSX.Element {
  const isNew = lesson.state === 'new';
  return (
    <section className="camp-Lessons-next" aria-label="Go on">
      <div>
        <p>
          {isNew ? 'Your next lesson' : 'You are in lesson'}{' '}
          <b>
            {number(lesson)} {lesson.title}
          </b>
          {isNew && lesson.minutes !== null && `, ${duration(lesson.minutes)}`}
        </p>
        <NodeIsNew lesson={lesson} />
      </div>
      <button type="button" className="camp-Button camp-mod-main" onClick={onOpen}>
        {isNew ? 'Begin' : 'Continue'}
      </button>
    </section>
  );
}
