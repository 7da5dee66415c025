import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { IDocumentManager } from '@jupyterlab/docmanager';

/**
 * Save every open document below a folder that has unsaved changes; names them.
 *
 * Throws a sentence for the attendee if one cannot be saved.
 */
export async function saveBelow(
  shell: JupyterFrontEnd.IShell,
  documents: IDocumentManager,
  folder: string
): Promise<string[]> {
  const saved = new Set<string>();
  for (const widget of shell.widgets('main')) {
    const context = documents.contextForWidget(widget);
    if (!context?.model.dirty || !context.path.startsWith(`${folder}/`)) {
      continue;
    }
    const name = context.path.slice(folder.length + 1);
    await context.save().catch(() => undefined);
    if (context.model.dirty) {
      throw new Error(
        `${name} could not be saved, so nothing was submitted. Save it with ` +
          'Ctrl+S, then submit again.'
      );
    }
    saved.add(name);
  }
  return [...saved];
}
