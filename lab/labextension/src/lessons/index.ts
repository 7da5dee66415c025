import {
  ILayoutRestorer,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin
} from '@jupyterlab/application';
import {
  ICommandPalette,
  MainAreaWidget,
  WidgetTracker
} from '@jupyterlab/apputils';
import { PageConfig } from '@jupyterlab/coreutils';
import { IDocumentManager } from '@jupyterlab/docmanager';
import { ILauncher } from '@jupyterlab/launcher';
import { IMainMenu } from '@jupyterlab/mainmenu';
import { IStateDB } from '@jupyterlab/statedb';

import { LessonsModel } from './model';
import { openAt } from './opening';
import { LessonsPage, icon } from './page';

const SHOW = 'puppetcamp:show-lessons';
const EXERCISES = 'puppetcamp:show-exercises';
const ID = 'puppetcamp-lessons';
const SHOWN = 'puppetcamp-lessons:shown';

/** The page "Lessons": a tab beside the notebooks. */
export const lessons: JupyterFrontEndPlugin<void> = {
  id: '@puppetcamp/lab:lessons',
  description: 'Lists the lessons of the course, and how far one is in each.',
  autoStart: true,
  requires: [IDocumentManager],
  optional: [ICommandPalette, ILauncher, IMainMenu, ILayoutRestorer, IStateDB],
  activate: (
    app: JupyterFrontEnd,
    documents: IDocumentManager,
    palette: ICommandPalette | null,
    launcher: ILauncher | null,
    mainMenu: IMainMenu | null,
    restorer: ILayoutRestorer | null,
    state: IStateDB | null
  ) => {
    const { commands, shell } = app;
    const model = new LessonsModel({
      settings: app.serviceManager.serverSettings,
      open: (path, cell) => openAt(documents, path, cell)
    });
    const tracker = new WidgetTracker<MainAreaWidget<LessonsPage>>({
      namespace: ID
    });
    commands.addCommand(SHOW, {
      label: 'Lessons',
      caption: 'What the course teaches, and how far you are',
      icon,
      execute: args => {
        let widget = tracker.currentWidget;
        if (!widget) {
          const showExercises = (): void => void commands.execute(EXERCISES);
          const content = new LessonsPage(model, showExercises);
          widget = new MainAreaWidget({ content });
          widget.id = ID;
          widget.toolbar.hide();
          widget.title.label = 'Lessons';
          widget.title.icon = icon;
          widget.title.closable = true;
          shell.add(widget, 'main', {
            activate: false,
            mode: 'tab-before',
            ref: [...shell.widgets('main')][0]?.id
          });
          void tracker.add(widget);
        }
        if (args['activate'] !== false) {
          shell.activateById(ID);
        }
      }
    });
    palette?.addItem({ command: SHOW, category: 'Camp' });
    launcher?.add({ command: SHOW, category: 'Other', rank: 0 });
    mainMenu?.helpMenu.addGroup([{ command: SHOW }], 0);
    void restorer?.restore(tracker, {
      command: SHOW,
      name: () => ID,
      args: () => ({ activate: false })
    });
    if (state) {
      void showOnce(app, state);
    }
  }
};

/** Show the page at the first visit: behind the lesson that is opened then, if any. */
async function showOnce(app: JupyterFrontEnd, state: IStateDB): Promise<void> {
  await app.restored;
  if (await state.fetch(SHOWN)) {
    return;
  }
  await state.save(SHOWN, true);
  const opensLesson = !!PageConfig.getOption('treePath');
  await app.commands.execute(SHOW, { activate: !opensLesson });
}
