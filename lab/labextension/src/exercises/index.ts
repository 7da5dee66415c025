import {
  ILayoutRestorer,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { IDocumentManager } from '@jupyterlab/docmanager';

import { openFeedback } from './feedback';
import { ExercisesModel } from './model';
import { ExercisesPanel } from './panel';
import { saveBelow } from './saving';

const SHOW = 'puppetcamp:show-exercises';

/** The panel "Exercises" in the left side bar. */
export const exercises: JupyterFrontEndPlugin<void> = {
  id: '@puppetcamp/lab:exercises',
  description: 'Shows the exercises of the course and hands them in.',
  autoStart: true,
  requires: [IDocumentManager],
  optional: [ICommandPalette, ILayoutRestorer],
  activate: (
    app: JupyterFrontEnd,
    documents: IDocumentManager,
    palette: ICommandPalette | null,
    restorer: ILayoutRestorer | null
  ) => {
    const settings = app.serviceManager.serverSettings;
    const model = new ExercisesModel({
      settings,
      save: folder => saveBelow(app.shell, documents, folder)
    });
    const panel = new ExercisesPanel(model, {
      open: path => void documents.openOrReveal(path),
      openFeedback: (path, title) =>
        openFeedback(app.shell, settings.baseUrl, path, title)
    });
    app.shell.add(panel, 'left', { rank: 150 });
    restorer?.add(panel, panel.id);
    app.commands.addCommand(SHOW, {
      label: 'Show Exercises',
      caption: 'Fetch, open and submit exercises, and see how they were graded',
      execute: () => app.shell.activateById(panel.id)
    });
    palette?.addItem({ command: SHOW, category: 'Camp' });
  }
};
