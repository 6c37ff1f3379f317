/** Texts of records that are not there any more, and of their log. */
export const recordsTexts = {
  audit: {
    mayNotRecord: 'Exporting the audit log is recorded in it, and the database user may not write there.',
    mayNotRecordHint: 'Open the workspace read-only, in which nothing is recorded, or as an administrator.',
  },
  valueNotKept: 'The value of this key is not kept here.',
  valueNotKeptHint: 'Only whoever made the key has it. If nobody does, make a new key and revoke this one.',
  gone: {
    user: 'There is no such user any more.',
    team: 'There is no such team any more.',
    subscription: 'There is no such subscription any more.',
    apiKey: 'There is no such API key any more.',
    model: 'There is no such model, and no usage, price or proxy names one.',
  },
  goneHint: {
    user: 'Go back to the list and refresh it: the user may have been deleted.',
    team: 'Go back to the list and refresh it: the team may have been deleted.',
    subscription: 'Go back to the list and refresh it: the subscription may have been cancelled.',
    apiKey: 'Go back to the list and refresh it: the key may have been deleted.',
    model: 'Go back to the list and refresh it: the address may be mistyped.',
  },
};
