import { useId } from 'react';

import type { Exercise } from '../exercises/api';
import type { Lesson } from './api';
import {
  duration,
  exerciseStanding,
  number,
  progress,
  share,
  verb
} from './words';

/** One lesson: what it teaches, how far one is, and the exercise that goes with it. */
export function LessonRow(props: {
  lesson: Lesson;
  isNext: boolean;
  exercises: Map<string, Exercise> | null;
  onOpen: () => void;
  onExercise: () => void;
}): JSX.Element {
  const { lesson, isNext } = props;
  const heading = useId();
  const isDone = lesson.state === 'done';
  return (
    <li
      className={`camp-Lesson camp-mod-${lesson.state}`}
      aria-labelledby={heading}
      aria-current={isNext ? 'step' : undefined}
    >
      <span className="camp-Lesson-mark" aria-hidden="true">
        {isDone ? '✓' : number(lesson)}
      </span>
      <div className="camp-Lesson-text">
        <h2 id={heading}>
          {isDone && `${number(lesson)} `}
          {!isDone && <span className="camp-unseen">{number(lesson)} </span>}
          {lesson.title}
        </h2>
        {lesson.minutes !== null && (
          <p className="camp-faint">{duration(lesson.minutes)}</p>
        )}
        {lesson.teaches && <p className="camp-Lesson-teaches">{lesson.teaches}</p>}
        {lesson.state !== 'new' && (
          <p className="camp-Lesson-progress">
            <progress
              aria-hidden="true"
              max={1}
              value={isDone ? 1 : share(lesson)}
            />
            {isDone && 'Done: '}
            {progress(lesson)}
          </p>
        )}
        {!isNext && <NodeIsNew lesson={lesson} />}
        {lesson.exercise && <ExerciseLine {...props} />}
      </div>
      <button
        type="button"
        className="camp-Button"
        aria-describedby={heading}
        onClick={props.onOpen}
      >
        {verb(lesson)}
      </button>
    </li>
  );
}

/** What is missing on the node if the lesson was begun on another one. */
export function NodeIsNew({ lesson }: { lesson: Lesson }): JSX.Element | null {
  if (!lesson.node_is_new) {
    return null;
  }
  return (
    <p className="camp-warn">
      Your node is new since then. Where the lesson goes on, choose{' '}
      <b>Run &gt; Run All Above Selected Cell</b> first.
    </p>
  );
}

function ExerciseLine(props: {
  lesson: Lesson;
  exercises: Map<string, Exercise> | null;
  onExercise: () => void;
}): JSX.Element {
  const name = props.lesson.exercise;
  const exercise = props.exercises?.get(name);
  const isThere = exercise?.notebooks.some(path => path !== null);
  const canFetch = exercise?.released_at && !exercise.withdrawn_at;
  return (
    <p className="camp-Lesson-exercise">
      <span>
        Exercise <b>{name}</b>
        {props.exercises && `: ${exerciseStanding(exercise)}`}
      </span>
      {(isThere || canFetch) && (
        <button
          type="button"
          className="camp-Button camp-mod-quiet"
          aria-label={`${isThere ? 'Open' : 'Fetch and open'} exercise ${name}`}
          onClick={props.onExercise}
        >
          {isThere ? 'Open' : 'Fetch and open'}
        </button>
      )}
    </p>
  );
}
