/** Texts of settings and diagnostics. */
export const settingsTexts = {
  rebuild: 'Cut usage into other days',
  rebuildDetail_one: '{{formatted, number}} request, in one step',
  rebuildDetail_other: '{{formatted, number}} requests, in one step',
  zone: 'Reporting time zone',
  recounted_one:
    '{{formatted}} request is counted anew in days of the former zone. Usage cannot be written meanwhile.',
  recounted_other:
    '{{formatted}} requests are counted anew in days of the former zone. Usage cannot be written meanwhile.',
  sameZone: 'The days are already cut in {{timeZone}}.',
  unknownZone: 'PostgreSQL knows no time zone {{timeZone}}.',
  archived:
    'Part of the usage log has been archived: what it held is only known by days of the present zone and cannot be cut anew.',
};
