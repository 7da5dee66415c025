import type { JupyterFrontEndPlugin } from '@jupyterlab/application';

import { exercises } from './exercises';

/** Everything that a camp adds to JupyterLab, one plugin each. */
const plugins: JupyterFrontEndPlugin<unknown>[] = [exercises];

export default plugins;
