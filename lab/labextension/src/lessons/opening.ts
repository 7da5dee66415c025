import type { IDocumentManager } from '@jupyterlab/docmanager';
import type { Widget } from '@lumino/widgets';

/** What is needed of a notebook; its own package is not worth a dependency. */
interface Cells {
  readonly widgets: readonly { readonly model: { readonly id: string } }[];
  activeCellIndex: number;
}

/** Open a notebook, select one of its cells, and bring it into view. */
export async function openAt(
  documents: IDocumentManager,
  path: string,
  cell: string | null
): Promise<void> {
  const widget = documents.openOrReveal(path);
  if (!widget || !cell) {
    return;
  }
  await widget.context.ready;
  const content = widget.content as Widget & Partial<Cells>;
  const index = content.widgets?.findIndex(({ model }) => model.id === cell) ?? -1;
  if (index >= 0) {
    content.activeCellIndex = index;
    widget.setFragment(`#cell-id=${cell}`);
  }
}
