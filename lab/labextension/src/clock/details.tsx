import { VDomRenderer } from '@jupyterlab/ui-components';

import { words } from './countdown';
import type { ClockModel } from './model';
import { campAddress } from './places';

/** What the status bar's clock tells when it is pressed. */
export class Details extends VDomRenderer<ClockModel> {
  constructor(
    model: ClockModel,
    private readonly home: string
  ) {
    super(model);
    this.addClass('camp-Details');
    this.node.tabIndex = -1;
    this.node.setAttribute('role', 'dialog');
    this.node.setAttribute('aria-label', 'Your camp session');
  }

  protected override render(): JSX.Element | null {
    const { standing, seconds, shown, paused } = this.model;
    if (!standing || seconds === null) {
      return null;
    }
    const bundle = campAddress(standing.take_home?.url);
    return (
      <>
        <h2>Your camp session</h2>
        <p className="camp-Details-time">{shown.left} left</p>
        <p>
          {paused
            ? 'The camp’s clock is paused: nobody’s time runs.'
            : `Until ${clockTime(seconds)} by your own clock. Everything is saved ` +
              'before that, and kept.'}
        </p>
        <More model={this.model} />
        {standing.progress && (
          <p>
            This camp shows its instructors which cells you ran and which checks
            passed, so that they see where help is needed.
          </p>
        )}
        {standing.problem && <p className="camp-warn">{standing.problem}</p>}
        <p>
          {bundle && <a href={bundle}>Take your work home</a>}{' '}
          <a href={this.home}>Start page</a>
        </p>
      </>
    );
  }
}

/** The button that asks for more time, or why there is none. */
export function More({ model }: { model: ClockModel }): JSX.Element | null {
  const extension = model.standing?.extension;
  if (!extension) {
    return null;
  }
  if (!model.canAsk && !model.word) {
    return extension.reason ? (
      <p className="camp-faint">{extension.reason}</p>
    ) : null;
  }
  return (
    <p>
      {model.canAsk && (
        <button
          type="button"
          className="camp-Button camp-mod-main"
          aria-disabled={model.asking}
          onClick={() => void model.askForMore()}
        >
          Ask for more time
          {extension.seconds ? ` (${words(extension.seconds)})` : ''}
        </button>
      )}{' '}
      <span role="status">{model.word}</span>
    </p>
  );
}

function clockTime(seconds: number): string {
  return new Date(Date.now() + seconds * 1000).toLocaleTimeString('en-GB', {
    hour: '2-digit',
    minute: '2-digit'
  });
}
