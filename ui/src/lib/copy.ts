/**
 * Puts a text on the clipboard; the old way where the page may not use the new one. A text that is still to come is
 * promised at once: later, the page would no longer be answering a key or a click, and might not write there.
 */
export async function copyText(text: string | Promise<string>): Promise<boolean> {
  try {
    if (typeof text === 'string') await navigator.clipboard.writeText(text);
    else await navigator.clipboard.write([new ClipboardItem({ 'text/plain': text.then((come) => new Blob([come], { type: 'text/plain' })) })]);
    return true;
  } catch {
    const area = document.createElement('textarea');
    area.value = await text;
    area.className = 'hidden-text';
    document.body.append(area);
    area.select();
    const done = document.execCommand('copy');
    area.remove();
    return done;
  }
}
