// What few programs use, loaded when it is first asked for. All of it at once: a file of its own for each would cost the
// start of every program more than it saves, since what two of them share would have to stand in a file of its own too.

export { askMessages } from './messages/ask-messages.ts';
export { askResponses } from './responses/ask-responses.ts';
export { dispatchStructured } from './structured/dispatch-structured.ts';
export { PartialJson } from './structured/partial-json.ts';
export { callTool } from './tools/call-tool.ts';
export { prepareTools } from './tools/prepare-tools.ts';
