import { useId } from 'react';

import type { Exercise, Version } from './api';
import type { Word } from './model';
import {
  due,
  isOverdue,
  latestScore,
  length,
  moment,
  notebookName,
  score,
  standing
} from './words';

/** One exercise: how one stands, what can be done, and what came of it. */
export function ExerciseCard(props: {
  exercise: Exercise;
  word: Word | undefined;
  now: Date;
  onFetch: () => void;
  onSubmit: () => void;
  onOpen: (path: string) => void;
  onFeedback: (version: Version) => void;
}): JSX.Element {
  const { exercise, word, now } = props;
  const heading = useId();
  const busy = word?.kind === 'busy';
  const notebooks = exercise.notebooks.filter(path => path !== null);
  const late = isOverdue(exercise, now);
  const graded = latestScore(exercise) !== undefined;
  const released = exercise.released_at !== null && !exercise.withdrawn_at;
  return (
    <li className="camp-Card" aria-labelledby={heading}>
      <h3 id={heading}>{exercise.exercise}</h3>
      <p className={graded ? 'camp-Card-score' : 'camp-Card-standing'}>
        {standing(exercise)}
      </p>
      <p
        className={late ? 'camp-warn' : 'camp-faint'}
        title={
          exercise.released_at
            ? `Released ${moment(exercise.released_at, now)}`
            : 'Only in your folder'
        }
      >
        {due(exercise, now)}
      </p>
      {exercise.withdrawn_at && (
        <p className="camp-faint">Withdrawn by your instructor</p>
      )}
      <div className="camp-Card-actions">
        {notebooks.map(path => (
          <button
            key={path}
            type="button"
            className="camp-Button"
            title={path}
            aria-describedby={heading}
            onClick={() => props.onOpen(path)}
          >
            {notebooks.length === 1 ? 'Open' : `Open ${notebookName(path)}`}
          </button>
        ))}
        {released && (!exercise.fetched || notebooks.length === 0) && (
          <button
            type="button"
            className="camp-Button camp-mod-main"
            aria-describedby={heading}
            aria-disabled={busy}
            onClick={props.onFetch}
          >
            Fetch
          </button>
        )}
        {released && exercise.fetched && (
          <button
            type="button"
            className="camp-Button camp-mod-main"
            aria-describedby={heading}
            aria-disabled={busy}
            title="Save what is open of it, and hand it in"
            onClick={props.onSubmit}
          >
            {late
              ? 'Submit late'
              : exercise.versions.length
                ? 'Submit again'
                : 'Submit'}
          </button>
        )}
      </div>
      <Said word={word} />
      {exercise.versions.length > 0 && (
        <ol className="camp-Versions" reversed aria-label="Submitted versions">
          {[...exercise.versions].reverse().map(version => (
            <VersionRow
              key={version.submission}
              version={version}
              now={now}
              onFeedback={() => props.onFeedback(version)}
            />
          ))}
        </ol>
      )}
    </li>
  );
}

function Said({ word }: { word: Word | undefined }): JSX.Element {
  return (
    <div role={word?.kind === 'failed' ? 'alert' : 'status'}>
      {word && (
        <div className={`camp-Message camp-mod-${word.kind}`}>
          {word.text}
          {word.notes.map(note => (
            <p key={note}>{note}</p>
          ))}
        </div>
      )}
    </div>
  );
}

function VersionRow(props: {
  version: Version;
  now: Date;
  onFeedback: () => void;
}): JSX.Element {
  const { version, now } = props;
  const late = version.late_seconds;
  return (
    <li value={version.version}>
      <span>
        Version {version.version},{' '}
        <time dateTime={version.submitted_at} title={version.submitted_at}>
          {moment(version.submitted_at, now)}
        </time>
        {late !== null && (
          <span className="camp-warn">, {length(late)} late</span>
        )}
        {version.score !== null && <b>, {score(version)}</b>}
      </span>
      {version.feedback_at && (
        <button
          type="button"
          className="camp-Button camp-mod-quiet"
          aria-label={`Feedback on version ${version.version}`}
          onClick={props.onFeedback}
        >
          Feedback
        </button>
      )}
    </li>
  );
}
