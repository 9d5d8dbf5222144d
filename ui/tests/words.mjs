// Prints a script that sets `words`: the catalogues of every language, as the page has them.
import { fileURLToPath } from 'node:url';

import { build } from 'vite';

const entry = fileURLToPath(new URL('words.ts', import.meta.url));
const lib = { entry, formats: ['iife'], name: 'words' };
const [{ output: [{ code }] }] = await build({ configFile: false, logLevel: 'error', build: { write: false, lib } });
process.stdout.write(code);
