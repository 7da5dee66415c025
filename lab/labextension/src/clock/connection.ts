import {
  IConnectionLost,
  JupyterFrontEnd,
  type JupyterFrontEndPlugin,
  JupyterLab
} from '@jupyterlab/application';
import { Dialog, showDialog } from '@jupyterlab/apputils';

import { IClock } from './token';

const RESTART = 'hub:restart';

/**
 * What is said when the server does not answer.
 *
 * It takes the place of the hub's own plugin, which offers to start a server whose
 * time is over.
 */
export const connection: JupyterFrontEndPlugin<IConnectionLost> = {
  id: '@puppetcamp/lab:connection',
  description: 'Says why the server does not answer, and what to do next.',
  autoStart: true,
  requires: [IClock],
  optional: [JupyterLab.IInfo],
  provides: IConnectionLost,
  activate: (
    app: JupyterFrontEnd,
    clock: IClock,
    info: JupyterLab.IInfo | null
  ): IConnectionLost => {
    let told = false;
    return async () => {
      await clock.refresh();
      if (told || clock.over) {
        return;
      }
      told = true;
      // JupyterLab's own questions to the server rest while this one is open.
      if (info) {
        info.isConnected = false;
      }
      const result = await showDialog({
        title: clock.idled
          ? 'Your server was stopped, since nobody used it'
          : 'Your server does not answer',
        body:
          (clock.idled
            ? ''
            : 'It was stopped, or the connection to it is gone for now. ') +
          'What is saved is kept. Start it again, or wait if you were only offline.',
        buttons: [
          Dialog.cancelButton({ label: 'Wait' }),
          Dialog.okButton({ label: 'Start again' })
        ]
      });
      if (info) {
        info.isConnected = true;
      }
      told = false;
      if (result.button.accept && app.commands.hasCommand(RESTART)) {
        await app.commands.execute(RESTART);
      }
    };
  }
};
