export const first = {
  title: 'Streambell keeps your event streams connected and tells you when something matters.',
  demo: 'Try the demo',
  demoText: 'A small market on this computer. Paste this into a terminal:',
  copy: 'Copy',
  copied: 'Copied',
  add: 'Add a stream',
  addText: 'You need the address of a Server-Sent Events stream and, if it asks for one, its token.',
};
