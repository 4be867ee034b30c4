import { bundledSize } from './footprint/bundled-size.ts';
console.log(await bundledSize('ours'));
