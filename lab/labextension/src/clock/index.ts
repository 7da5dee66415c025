import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { PageConfig, URLExt } from '@jupyterlab/coreutils';
import { IDocumentManager } from '@jupyterlab/docmanager';
import { IStatusBar } from '@jupyterlab/statusbar';
import { Poll } from '@lumino/polling';

import { announce } from './announcer';
import { Banner } from './banner';
import { showEnding } from './ending';
import { ClockModel } from './model';
import { ReadNotices } from './notices';
import { saveAll } from './saving';
import { ClockStatus } from './status';
import { IClock } from './token';

const SECOND = 1000;
const TICK = 250;

/** The countdown, its warnings, and an end at which nothing is lost. */
export const clock: JupyterFrontEndPlugin<IClock> = {
  id: '@puppetcamp/lab:clock',
  description: 'Shows how much of the camp session is left, and ends it in order.',
  autoStart: true,
  requires: [IDocumentManager],
  optional: [IStatusBar],
  provides: IClock,
  activate: (
    app: JupyterFrontEnd,
    documents: IDocumentManager,
    statusBar: IStatusBar | null
  ) => {
    const settings = app.serviceManager.serverSettings;
    const model = new ClockModel({
      settings,
      save: copies => saveAll(app.shell, documents, copies),
      read: new ReadNotices(`puppetcamp:read:${settings.baseUrl}`)
    });
    const hub = PageConfig.getOption('hubPrefix') || '/hub/';
    const root = URLExt.join(hub, '..');
    const home = URLExt.join(hub, 'home');
    statusBar?.registerStatusItem('@puppetcamp/lab:clock', {
      item: new ClockStatus(model, home),
      align: 'right',
      rank: -100,
      priority: 1,
      isActive: () => model.seconds !== null,
      activeStateChanged: model.stateChanged
    });
    announce(model);
    app.shell.add(new Banner(model), 'header');
    showEnding(model, {
      home,
      takeHome: URLExt.join(root, 'services/camp/take-home')
    });
    keepTime(model);
    return model;
  }
};

/** Ask every two seconds, and look at the clock in between. */
function keepTime(model: ClockModel): void {
  const poll = new Poll({
    // A server that has stopped is asked less and less: a whole class may stop at once.
    factory: async () => {
      if (!(await model.refresh())) {
        throw new Error('no answer');
      }
    },
    frequency: { interval: 2 * SECOND, backoff: 2, max: 30 * SECOND },
    standby: 'never'
  });
  window.setInterval(() => model.tick(), TICK);
  document.addEventListener('visibilitychange', () => {
    // The browser lets hidden pages sleep: what they hold is saved before.
    if (document.hidden && model.standing?.state === 'known') {
      void model.save();
    } else {
      void poll.refresh();
    }
  });
  // Not when a button is pressed but when it is released: an answer must not take a
  // button away in between.
  for (const kind of ['keyup', 'pointerup', 'wheel']) {
    document.addEventListener(kind, () => void model.touch(), {
      capture: true,
      passive: true
    });
  }
}
