import type { JupyterFrontEnd } from '@jupyterlab/application';
import { MainAreaWidget } from '@jupyterlab/apputils';
import { URLExt } from '@jupyterlab/coreutils';
import { IFrame } from '@jupyterlab/ui-components';

/** Show a page of feedback beside the notebooks, in a frame that runs no script. */
export function openFeedback(
  shell: JupyterFrontEnd.IShell,
  baseUrl: string,
  path: string,
  title: string
): void {
  const id = `puppetcamp-feedback-${path}`;
  for (const widget of shell.widgets('main')) {
    if (widget.id === id) {
      shell.activateById(id);
      return;
    }
  }
  const content = new IFrame({ sandbox: [], referrerPolicy: 'same-origin' });
  content.addClass('camp-Feedback');
  content.url = URLExt.join(baseUrl, 'files', URLExt.encodeParts(path));
  content.node.querySelector('iframe')?.setAttribute('title', title);
  const widget = new MainAreaWidget({ content });
  widget.id = id;
  widget.title.label = title;
  widget.title.closable = true;
  shell.add(widget, 'main');
}
