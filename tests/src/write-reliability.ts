import { writeFileSync } from 'node:fs';
import { reliabilityPage } from './reliability-page.ts';

writeFileSync(new URL('../../docs/reliability.md', import.meta.url), reliabilityPage());
