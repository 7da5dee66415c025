import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { IDocumentManager } from '@jupyterlab/docmanager';
import type { DocumentRegistry } from '@jupyterlab/docregistry';
import type { Contents } from '@jupyterlab/services';

/** What became of the open documents: paths of those that had unsaved changes. */
export interface Saved {
  at: Date;
  saved: string[];
  copied: string[];
  failed: string[];
}

const PATIENCE = 1500;

/** Documents whose saving waits for an answer. */
const asking = new WeakSet<DocumentRegistry.Context>();

/**
 * Save every open document that has unsaved changes, all at once; never throws.
 *
 * With `copies`, what cannot be saved is kept in a file beside it: a document that
 * changed on the disk meanwhile asks a question that nobody has the time to answer.
 */
export async function saveAll(
  shell: JupyterFrontEnd.IShell,
  documents: IDocumentManager,
  copies: boolean
): Promise<Saved> {
  const found = new Set<DocumentRegistry.Context>();
  for (const widget of shell.widgets('main')) {
    const context = documents.contextForWidget(widget);
    if (context?.model.dirty && context.contentsModel?.writable !== false) {
      found.add(context);
    }
  }
  const result: Saved = { at: new Date(), saved: [], copied: [], failed: [] };
  const contents = documents.services.contents;
  await Promise.all(
    [...found].map(async context => {
      await save(context);
      if (!context.model.dirty) {
        result.saved.push(context.path);
      } else if (copies && (await soon(copy(context, contents)))) {
        result.copied.push(beside(context.path));
      } else {
        result.failed.push(context.path);
      }
    })
  );
  return result;
}

/** Save a document, but do not ask the same question twice. */
async function save(context: DocumentRegistry.Context): Promise<void> {
  if (asking.has(context)) {
    return;
  }
  asking.add(context);
  const saving = context.save().finally(() => asking.delete(context));
  await soon(saving);
}

async function copy(
  context: DocumentRegistry.Context,
  contents: Contents.IManager
): Promise<void> {
  const { model, contentsModel } = context;
  const notebook = contentsModel?.type === 'notebook';
  await contents.save(beside(context.path), {
    type: notebook ? 'notebook' : 'file',
    format: notebook ? 'json' : 'text',
    content: notebook ? model.toJSON() : model.toString()
  });
}

/** Name the copy of "motd.ipynb": "motd (not saved).ipynb". */
function beside(path: string): string {
  return path.replace(/(\.[^./]*)?$/, ' (not saved)$1');
}

/** Wait for something, but not for long; tell whether it succeeded. */
async function soon(work: Promise<unknown>): Promise<boolean> {
  let timer = 0;
  const late = new Promise<boolean>(resolve => {
    timer = window.setTimeout(() => resolve(false), PATIENCE);
  });
  const done = work.then(
    () => true,
    () => false
  );
  try {
    return await Promise.race([done, late]);
  } finally {
    window.clearTimeout(timer);
  }
}
