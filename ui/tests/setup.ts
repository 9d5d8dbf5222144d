/** Nothing that was typed in one test is there in the next. */
import { beforeEach } from 'vitest';

beforeEach(() => localStorage.removeItem('streambell.drafts'));
