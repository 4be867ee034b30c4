// What makes an error of a failure, loaded with the first one of a program.

export { describeBody } from '../http/describe-body.ts';
export { notJson } from '../http/not-json.ts';
export { errorFromTransport } from './connection-error.ts';
export { errorFromEvent, errorFromResponse } from './map-error.ts';
export { mapErrorBody } from './map-error-body.ts';
