import { VDomRenderer } from '@jupyterlab/ui-components';

import type { Notice } from './api';
import type { ClockModel } from './model';
import { campAddress } from './places';

/**
 * What must not be missed, above everything else, where it covers nothing.
 *
 * It never takes the focus: who is typing goes on typing.
 */
export class Banner extends VDomRenderer<ClockModel> {
  private readonly size = new ResizeObserver(() => this.grow());

  constructor(model: ClockModel) {
    super(model);
    this.id = 'puppetcamp-banner';
    this.addClass('camp-Banner');
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', 'Messages of the camp');
  }

  override dispose(): void {
    this.size.disconnect();
    super.dispose();
  }

  protected override onAfterAttach(): void {
    this.update();
    this.size.observe(this.node);
  }

  protected override render(): JSX.Element {
    const { model } = this;
    return (
      <div className="camp-Banner-rows" ref={this.watch}>
        {model.warns && <Warning model={model} />}
        {model.shown.idle !== null && <Idle model={model} />}
        {model.gift && (
          <Row kind="gift" onDismiss={() => model.dismissGift()}>
            <b>{model.gift}</b>
          </Row>
        )}
        {model.notices.map(notice => (
          <Message
            key={notice.id}
            notice={notice}
            onDismiss={() => model.dismissNotice(notice)}
          />
        ))}
      </div>
    );
  }

  private readonly watch = (rows: HTMLElement | null): void => {
    if (rows) {
      this.size.observe(rows);
    }
  };

  /** Be as high as the rows are: Lumino's boxes only know least heights. */
  private grow(): void {
    const rows = this.node.firstElementChild as HTMLElement | null;
    const height = `${rows?.offsetHeight ?? 0}px`;
    if (this.node.style.minHeight !== height) {
      this.node.style.minHeight = height;
      this.parent?.fit();
    }
  }
}

function Row(props: {
  kind: string;
  onDismiss?: () => void;
  children: React.ReactNode;
}): JSX.Element {
  return (
    <div className={`camp-Banner-row camp-mod-${props.kind}`}>
      <div className="camp-Banner-text">{props.children}</div>
      {props.onDismiss && (
        <button type="button" className="camp-Button" onClick={props.onDismiss}>
          Got it
        </button>
      )}
    </div>
  );
}

function Warning({ model }: { model: ClockModel }): JSX.Element {
  const last = model.isLast;
  return (
    <Row
      kind={last ? 'last' : 'warn'}
      onDismiss={last ? undefined : () => model.dismissWarning()}
    >
      <b>
        <span role="timer">{model.shown.left}</span> left of your camp
        session.
      </b>{' '}
      {saving(model)}
      {model.canAsk && (
        <button
          type="button"
          className="camp-Button"
          aria-disabled={model.asking}
          onClick={() => void model.askForMore()}
        >
          Ask for more time
        </button>
      )}
      {model.word && <span> {model.word}</span>}
    </Row>
  );
}

function saving({ saved }: ClockModel): string {
  if (saved?.failed.length) {
    return `Not saved: ${saved.failed.join(', ')}. Save it with Ctrl+S.`;
  }
  return 'Your notebooks are saved by themselves before it ends.';
}

function Idle({ model }: { model: ClockModel }): JSX.Element {
  return (
    <Row kind="warn">
      <b>Are you still there?</b> Your server stops in{' '}
      <span role="timer">{model.shown.idle}</span>, because nobody uses
      it. Your files are kept.
      <button
        type="button"
        className="camp-Button"
        aria-disabled={model.asking}
        onClick={() => void model.stay()}
      >
        I’m still here
      </button>
    </Row>
  );
}

function Message(props: {
  notice: Notice;
  onDismiss: () => void;
}): JSX.Element {
  const { notice } = props;
  const link = campAddress(notice.link);
  return (
    <Row kind="notice" onDismiss={props.onDismiss}>
      <b>{notice.sender || 'The camp'}:</b> {notice.text}
      {link && (
        <a href={link} target="_blank" rel="noopener">
          Open
        </a>
      )}
    </Row>
  );
}
