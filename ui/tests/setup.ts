/** What holds for every test: nothing that was typed in one is there in the next, and a busy machine is waited for. */
import { configure } from '@testing-library/svelte';
import { beforeEach } from 'vitest';

configure({ asyncUtilTimeout: 10_000 });

beforeEach(() => localStorage.removeItem('streambell.drafts'));
