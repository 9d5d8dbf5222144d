/** What the views let somebody do: every button, menu, choice and switch of the page, as its source has it. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

import { parse, type AST } from 'svelte/compiler';

/** Components that are pressed or picked from. */
const PRESSED = ['Choice', 'Switch', 'LengthMenu', 'CopyButton', 'Select', 'Check'];

/** Each by its file and the name that tests know it by; by what it does, where it has none. */
export function deeds(folder: string): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.svelte'));
  return files.flatMap((file) => deedsOf(basename(file, '.svelte'), readFileSync(join(folder, file), 'utf8')));
}

function deedsOf(file: string, source: string): string[] {
  const found: string[] = [];
  walk(parse(source, { modern: true }).fragment, (node) => {
    if (!isPressed(node, source)) return;
    const text = (name: string) => textOf(node, name, source);
    found.push(`${file} ${text('data-testid') ?? text('testid') ?? text('onclick') ?? text('onpick') ?? text('label') ?? ''}`.trim());
  });
  return found;
}

type Element = AST.RegularElement | AST.Component;

function isPressed(node: unknown, source: string): node is Element {
  const { type, name } = node as { type?: string; name?: string };
  if (type === 'Component') return PRESSED.includes(name ?? '');
  if (type !== 'RegularElement') return false;
  return name === 'button' || (name === 'input' && textOf(node as Element, 'type', source) === 'checkbox');
}

/** An attribute as it is written, without quotes and braces. */
function textOf(node: Element, name: string, source: string): string | undefined {
  const attribute = node.attributes.find((one): one is AST.Attribute => one.type === 'Attribute' && one.name === name);
  if (!attribute || attribute.value === true) return undefined;
  return source.slice(attribute.start + name.length + 1, attribute.end).replace(/^["{]|["}]$/g, '');
}

function walk(node: unknown, visit: (node: object) => void): void {
  if (Array.isArray(node)) return node.forEach((one) => walk(one, visit));
  if (typeof node !== 'object' || node === null) return;
  visit(node);
  for (const [key, child] of Object.entries(node)) if (key !== 'metadata' && key !== 'parent') walk(child, visit);
}
