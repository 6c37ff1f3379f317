/** Texts of what lists can do beside showing rows: saved views and column sets. */
export const listsMessages = {
  views: {
    title: 'Saved views',
    titleCurrent: 'Saved views, showing {{name}}',
    none: 'None yet. A view keeps the search, filters, order and columns of this list.',
    name: 'Name of this view',
    newName: 'New name of {{name}}',
    help: 'Kept on this computer, for this workspace.',
    save: 'Save',
    saved: 'The view {{name}} is saved.',
    notKept: 'The view could not be kept: the browser’s storage is full or forbidden.',
    rename: 'Rename',
    renameOf: 'Rename {{name}}',
    delete: 'Delete',
    deleteOf: 'Delete {{name}}',
    makeDefault: 'Show when the list opens',
    isDefault: 'Shown when the list opens',
    defaultOf: 'Show {{name}} when the list opens',
  },
  columns: {
    before: 'Move {{name}} to the left',
    after: 'Move {{name}} to the right',
    moved: '{{name}} is column {{place}} of {{count}}.',
    reset: 'Reset columns',
  },
};
