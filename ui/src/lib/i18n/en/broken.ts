/** Words in English: a view, or the window, that has stopped. */
export const broken = {
  file: 'The configuration on disk is not in force.',
  fileText: 'As soon as the file is mended and saved, Streambell goes on with it.',
  title: 'This view has stopped.',
  text: 'Something in it went wrong. Your streams, alerts and notifications are not affected: Streambell runs on without this window.',
  again: 'Try again',
  window: 'This window has stopped.',
  reload: 'Reload',
  copy: 'Copy a report',
  over: 'That could not be shown. The rest goes on.',
  report: 'What the report says',
};
