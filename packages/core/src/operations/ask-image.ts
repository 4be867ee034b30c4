import type { ClientRuntime } from '../client/client-runtime.ts';
import type { CallOptions } from '../contract/call-options.ts';
import type { ImageEvent, ImageRequest, ImageResult } from '../contract/image.ts';
import type { Provider } from '../contract/provider.ts';
import { checkRequest } from '../request/check-request.ts';
import { mayRepeatBilled } from './billed.ts';
import type { EventStream } from './event-stream.ts';
import { imageKinds, imageShape, pictureFields } from './image-request.ts';
import { runOperation, runStreamedOperation } from './run-operation.ts';

const shape = imageShape(pictureFields);

/** What `imageGeneration` does. */
export async function askImage(
  runtime: ClientRuntime,
  request: ImageRequest,
  options?: CallOptions,
): Promise<ImageResult | EventStream<ImageEvent>> {
  checkRequest(shape, request);
  const { model, stream, ...parameters } = request;
  const operation = { label: 'images are', models: model, parameters, mayRepeat: mayRepeatBilled };
  if (!stream) {
    const whole = { ...operation, member: 'generateImage', pick: pickWhole } as const;
    return runOperation(runtime, whole, options);
  }
  const streamed = { ...operation, member: 'streamImage', label: 'streamed images are', pick: pickStreamed } as const;
  return runStreamedOperation(runtime, streamed, imageKinds, options);
}

const pickWhole = ({ generateImage }: Provider) => generateImage;
const pickStreamed = ({ streamImage }: Provider) => streamImage;
