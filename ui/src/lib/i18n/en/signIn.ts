/** Words in English: signing in with a code. */
export const signIn = {
  start: 'Sign in',
  asking: 'Asking for a code…',
  type: 'Open the page and type this code:',
  open: 'Open the page',
  copy: 'Copy the code',
  cancel: 'Cancel',
  left: (time: string) => `${time} left`,
  again: 'Try again',
  dismiss: 'Dismiss',
};
