import { VDomRenderer } from '@jupyterlab/ui-components';
import { Widget } from '@lumino/widgets';

import type { ClockModel } from './model';
import type { Saved } from './saving';

/** Addresses that the page leads to. */
export interface Places {
  home: string;
  takeHome: string;
}

/**
 * Show the page that follows a camp session, in front of everything else.
 *
 * A modal dialog of the browser's own: JupyterLab's words on lost connections stay
 * behind it. It goes away if the camp gives more time after all.
 */
export function showEnding(model: ClockModel, places: Places): void {
  const dialog = document.createElement('dialog');
  dialog.className = 'camp-Ending';
  dialog.tabIndex = -1;
  dialog.setAttribute('aria-labelledby', TITLE);
  dialog.addEventListener('cancel', event => event.preventDefault());
  document.body.append(dialog);
  model.stateChanged.connect(() => {
    if (model.over === dialog.open) {
      return;
    }
    if (!model.over) {
      dialog.close();
      return;
    }
    if (!dialog.hasChildNodes()) {
      Widget.attach(new Ending(model, places), dialog);
    }
    dialog.showModal();
    // Not a link of it: who is still typing must not be led away by a key.
    dialog.focus();
  });
}

const TITLE = 'puppetcamp-ending-title';

class Ending extends VDomRenderer<ClockModel> {
  constructor(
    model: ClockModel,
    private readonly places: Places
  ) {
    super(model);
  }

  protected override render(): JSX.Element {
    const { standing, saved } = this.model;
    const none = !standing?.take_home;
    const ended = standing?.phase === 'ended';
    return (
      <main>
        <h1 id={TITLE}>Your camp session has ended</h1>
        <p>
          {ended
            ? 'The organizer has ended it, and your server was stopped.'
            : 'Your time is up, and your server was stopped.'}{' '}
          Your files are kept.
        </p>
        <Work saved={saved} />
        {!none && (
          <p>
            A bundle of your work is made for you to keep: your notebooks, also as
            pages to read, the Puppet code in them, your modules and your scores.
          </p>
        )}
        <p className="camp-Ending-links">
          {!none && (
            <a className="camp-Button camp-mod-main" href={this.places.takeHome}>
              Take your work home
            </a>
          )}
          <a className="camp-Button" href={this.places.home}>
            Start page
          </a>
        </p>
      </main>
    );
  }
}

function Work({ saved }: { saved: Saved | null }): JSX.Element | null {
  if (!saved) {
    return null;
  }
  const time = saved.at.toLocaleTimeString('en-GB');
  return (
    <>
      {saved.failed.length === 0 && (
        <p>Everything that was open here was saved at {time}.</p>
      )}
      {saved.copied.length > 0 && (
        <p>
          Saved as a copy, since the file had changed on the disk:{' '}
          {saved.copied.join(', ')}.
        </p>
      )}
      {saved.failed.length > 0 && (
        <p className="camp-warn">
          Not saved: {saved.failed.join(', ')}. What you changed there last is
          still on this page, behind these words; leave it open and tell your
          instructor.
        </p>
      )}
    </>
  );
}
