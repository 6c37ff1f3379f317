/** Texts of the PostgreSQL that comes with the app. */
export const localServerTexts = {
  titles: {
    start: 'Start the local database',
    stop: 'Stop the local database',
    setAside: 'Set the local database aside',
    deleteData: 'Delete the local database’s data',
  },
  nothingToDelete: 'There is no local database to delete: {{path}} does not exist.',
  notAFolder: '{{path}} is not a folder but a link or a file: nothing was deleted.',
  notAFolderHint:
    'Somebody placed the data elsewhere. Look where it leads, and delete it there by hand if you mean it.',
};
