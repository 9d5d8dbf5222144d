/** Every language's words by its name. */
export { en } from '../src/lib/i18n/en';
export { zh } from '../src/lib/i18n/zh';
