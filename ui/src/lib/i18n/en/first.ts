/** Words in English: the first start. */
export const first = {
  title: 'Streambell keeps your event streams connected and tells you when something matters.',
  demo: 'Try the demo',
  demoText: 'A small market on this computer: live values, alerts and notifications in a window of their own. Nothing is kept of it.',
  demoStarted: 'The demo opens in a window of its own. Close it there when you have seen enough.',
  demoFailed: (reason: string) => `The demo did not start: ${reason} In a terminal it is:`,
  copy: 'Copy',
  copied: 'Copied',
  add: 'Add a stream',
  addText: 'You need the address of a Server-Sent Events stream and, if it asks for one, its token.',
};
