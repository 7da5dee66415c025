import { LabIcon, VDomRenderer } from '@jupyterlab/ui-components';
import { showPopup, type Popup } from '@jupyterlab/statusbar';

import { Details } from './details';
import type { ClockModel } from './model';

const icon = new LabIcon({
  name: 'puppetcamp:clock',
  svgstr:
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" width="16">' +
    '<path class="jp-icon3" fill="#616161" d="M12 2a10 10 0 1 0 0 20 10 10 0 0 0 ' +
    '0-20zm0 18a8 8 0 1 1 0-16 8 8 0 0 1 0 16zm1-13h-2v6l5 3 1-1.600-4-2.400z"/></svg>'
});

/** The time that is left, in the status bar; pressing it tells more. */
export class ClockStatus extends VDomRenderer<ClockModel> {
  private popup: Popup | null = null;

  constructor(
    model: ClockModel,
    private readonly home: string
  ) {
    super(model);
    this.addClass('camp-Status');
  }

  private readonly toggle = (): void => {
    if (this.popup && !this.popup.isDisposed) {
      this.popup.dispose();
      return;
    }
    const body = new Details(this.model, this.home);
    this.popup = showPopup({
      body,
      anchor: this,
      align: 'right',
      hasDynamicSize: true
    });
    body.node.focus();
    body.disposed.connect(() => this.node.querySelector('button')?.focus());
  };

  protected override render(): JSX.Element | null {
    const { shown, warning, isLast, paused } = this.model;
    if (shown.left === null) {
      return null;
    }
    const urgency = isLast ? 'camp-mod-last' : warning ? 'camp-mod-warn' : '';
    return (
      <button
        type="button"
        className={`camp-Status-button ${urgency}`}
        title="Time left of your camp session"
        aria-haspopup="dialog"
        onClick={this.toggle}
      >
        <icon.react tag="span" className="camp-Status-icon" />
        <span role="timer" aria-label="Time left">
          {shown.left}
        </span>
        {paused && <span className="camp-Status-paused">paused</span>}
      </button>
    );
  }
}
