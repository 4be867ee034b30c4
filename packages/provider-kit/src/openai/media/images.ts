import type {
  Asked,
  Image,
  ImageEditParameters,
  ImageEvent,
  ImageParameters,
  ImageUsage,
  ProviderContext,
  ProviderImages,
} from '@anyllm/core/provider';
import type { EventReader } from '../../decode/event-decoder.ts';
import type { WireRequest } from '../../http/exchange.ts';
import { encodeForm } from '../../http/form.ts';
import { requestEvents } from '../../http/request-events.ts';
import { type ObjectAnswer, requestObject } from '../../http/request-object.ts';
import type { Endpoint } from '../endpoint.ts';
import type { WireBody } from '../quirks.ts';
import { countOf, type Fields, fieldsOf, objectsOf, secondsOf, textOf } from '../wire-fields.ts';
import { toForm } from './to-form.ts';

/** What differs between servers that have OpenAI's images. */
export interface ImagesQuirks {
  /** The last word on the fields, before the caller's `provider_options`: rules of single models. */
  adjust?: (fields: WireBody, context: ProviderContext) => WireBody;
}

type Drawing = Asked<ImageParameters>;
type Edit = Asked<ImageEditParameters>;

export function createImages(provider: string, endpoint: Endpoint, { adjust = (fields) => fields }: ImagesQuirks = {}) {
  const toFields = (
    { provider_options, ...fields }: Drawing & { stream?: true },
    context: ProviderContext,
  ): WireBody => ({ ...adjust(fields, context), ...provider_options?.[provider] });

  const toDrawing = (request: Drawing & { stream?: true }, context: ProviderContext): WireRequest =>
    endpoint({ ...head('images/generations', request), body: toFields(request, context) }, context);

  const toEdit = ({ images, mask, ...request }: Edit & { stream?: true }, context: ProviderContext): WireRequest => {
    const fields = {
      model: request.model,
      ...toFields(request, context),
      image: images.length === 1 ? images[0] : images,
      mask,
    };
    return endpoint({ ...head('images/edits', request), form: encodeForm(toForm(fields)) }, context);
  };

  return {
    generateImage: async (request: Drawing, context: ProviderContext) =>
      toImages(await requestObject(toDrawing(request, context), context)),
    editImage: async (request: Edit, context: ProviderContext) =>
      toImages(await requestObject(toEdit(request, context), context)),
    streamImage: (request: Drawing, context: ProviderContext) =>
      requestEvents(toDrawing({ ...request, stream: true }, context), context, reader),
    streamImageEdit: (request: Edit, context: ProviderContext) =>
      requestEvents(toEdit({ ...request, stream: true }, context), context, reader),
  };
}

function head(path: string, { model, stream }: { model: string; stream?: true }) {
  return { model, path, headers: stream && { accept: 'text/event-stream' } };
}

const echoes = ['background', 'output_format', 'quality', 'size'] as const;

function toImages({ fields, unreadable }: ObjectAnswer): ProviderImages {
  const rows = objectsOf(fields.data);
  if (rows.length === 0) throw unreadable('holds no picture');
  const usage = toImageUsage(fields.usage);
  return {
    created: secondsOf(fields.created) ?? Math.floor(Date.now() / 1000),
    data: rows.map((row) => {
      const image = toImage(row);
      if (image.b64_json === undefined && image.url === undefined)
        throw unreadable('holds a picture without bytes and without an address');
      return image;
    }),
    ...Object.fromEntries(echoes.filter((name) => textOf(fields[name])).map((name) => [name, fields[name]])),
    ...(usage && { usage }),
  };
}

function toImage(row: Fields): Image {
  const names = ['b64_json', 'url', 'revised_prompt'] as const;
  return Object.fromEntries(names.filter((name) => textOf(row[name])).map((name) => [name, row[name]]));
}

/** The types are those of pictures drawn and edited, `image_generation.completed` and `image_edit.completed`. */
const reader: EventReader<ImageEvent> = {
  read({ type, b64_json, partial_image_index, usage }) {
    if (typeof b64_json !== 'string') return undefined;
    if (type.endsWith('.completed')) return toCompleted(b64_json, usage);
    if (!type.endsWith('.partial_image')) return undefined;
    return { type: 'partial_image', b64_json, partial_image_index: countOf(partial_image_index) ?? 0 };
  },
  isEnd: ({ type }) => type === 'completed',
  readWhole({ data, usage }) {
    const b64_json = objectsOf(data)[0]?.b64_json;
    return typeof b64_json === 'string' ? [toCompleted(b64_json, usage)] : undefined;
  },
};

function toCompleted(b64_json: string, wire: unknown): ImageEvent {
  const usage = toImageUsage(wire);
  return { type: 'completed', b64_json, ...(usage && { usage }) };
}

function toImageUsage(wire: unknown): ImageUsage | undefined {
  const usage = fieldsOf(wire);
  const total = countOf(usage?.total_tokens);
  if (!usage || total === undefined) return undefined;
  const inputDetails = toDetails(usage.input_tokens_details);
  const outputDetails = toDetails(usage.output_tokens_details);
  return {
    input_tokens: countOf(usage.input_tokens) ?? 0,
    output_tokens: countOf(usage.output_tokens) ?? 0,
    total_tokens: total,
    ...(inputDetails && { input_tokens_details: inputDetails }),
    ...(outputDetails && { output_tokens_details: outputDetails }),
  };
}

function toDetails(wire: unknown): ImageUsage['input_tokens_details'] {
  const details = fieldsOf(wire);
  if (!details) return undefined;
  const text = countOf(details.text_tokens);
  const image = countOf(details.image_tokens);
  return {
    ...(text !== undefined && { text_tokens: text }),
    ...(image !== undefined && { image_tokens: image }),
  };
}
