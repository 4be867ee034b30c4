import type { ClientRuntime } from '../client/client-runtime.ts';
import type { CallOptions } from '../contract/call-options.ts';
import type { FileInput } from '../contract/file-input.ts';
import type { ImageEditRequest, ImageEvent, ImageResult } from '../contract/image.ts';
import type { Provider } from '../contract/provider.ts';
import { invalidField } from '../errors/invalid-field.ts';
import { checkOptions } from '../request/check-options.ts';
import { checkRequest } from '../request/check-request.ts';
import { mayRepeatBilled } from './billed.ts';
import type { EventStream } from './event-stream.ts';
import { editFields, imageKinds, imageShape } from './image-request.ts';
import { runOperation, runStreamedOperation } from './run-operation.ts';
import { toFile } from './to-file.ts';

const shape = imageShape(editFields);

/** What `imageEdit` does. */
export async function askImageEdit(
  runtime: ClientRuntime,
  request: ImageEditRequest,
  options: CallOptions = {},
): Promise<ImageResult | EventStream<ImageEvent>> {
  checkRequest(shape, request);
  checkOptions(options); // whose signal ends the reading of files
  const { model, stream, images, mask, ...rest } = request;
  const parameters = {
    ...rest,
    images: await toFiles(images, options.signal),
    ...(mask !== undefined && { mask: await toFile(mask, 'mask', options.signal) }),
  };
  const operation = { label: 'edits of images are', models: model, parameters, mayRepeat: mayRepeatBilled };
  if (!stream) {
    return runOperation(runtime, { ...operation, member: 'editImage', pick: pickWhole } as const, options);
  }
  const streamed = { ...operation, member: 'streamImageEdit', label: 'streamed edits of images are' } as const;
  return runStreamedOperation(runtime, { ...streamed, pick: pickStreamed }, imageKinds, options);
}

function toFiles(images: FileInput | readonly FileInput[], signal: AbortSignal | undefined): Promise<File[]> {
  if (!Array.isArray(images)) return Promise.all([toFile(images, 'images', signal)]);
  if (images.length === 0) throw invalidField('images', 'must hold at least one picture');
  return Promise.all(images.map((image, at) => toFile(image, `images[${at}]`, signal)));
}

const pickWhole = ({ editImage }: Provider) => editImage;
const pickStreamed = ({ streamImageEdit }: Provider) => streamImageEdit;
