/** What importing, summing and rebuilding usage says. */
export const usageTexts = {
  range: {
    backwards: 'The range ends ({{to}}) before it begins ({{from}}).',
    backwardsHint: 'Choose an end that is not before the beginning.',
    tooLong: 'The range is longer than 20 years.',
    tooLongHint: 'Choose a shorter range.',
  },
  import: {
    cancelled: 'Importing usage was cancelled.',
    noTransaction: 'Usage can be imported only inside a transaction.',
  },
  rebuild: {
    zoneUnknown: 'PostgreSQL knows no time zone {{zone}}.',
    zoneUnknownHint: 'Use an IANA name such as Europe/Berlin.',
    archived: 'Part of the usage log has been archived and cannot be cut into the days of another time zone.',
    movedAside:
      'A deletion of people or teams, or its undo, was begun and is not finished: part of their usage is aside.',
    movedAsideHint: 'Finish it or put it back first, on the overview.',
    archivedHint: 'Keep the present reporting time zone.',
  },
};
