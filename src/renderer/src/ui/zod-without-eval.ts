import * as z from 'zod';

// Must be the first import of whatever loads a contract's schemas: zod otherwise compiles them with `new Function`,
// which the page's policy forbids and reports.
z.config({ jitless: true });
