/** A busy machine is waited for. By itself: a browser, which has its own waiting, cannot load this library. */
import { configure } from '@testing-library/svelte';

configure({ asyncUtilTimeout: 10_000 });
