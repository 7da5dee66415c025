import type { JupyterFrontEndPlugin } from '@jupyterlab/application';

import { clock } from './clock';
import { connection } from './clock/connection';
import { exercises } from './exercises';
import { lessons } from './lessons';

/** Everything that a camp adds to JupyterLab, one plugin each. */
const plugins: JupyterFrontEndPlugin<unknown>[] = [
  clock,
  connection,
  exercises,
  lessons
];

export default plugins;
