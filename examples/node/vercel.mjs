// The Vercel AI SDK: a text, a stream, and a tool of one's own.
//
// PELLUCID_API_KEY=... pellucid serve
// cd examples/node && npm ci
// OPENAI_BASE_URL=http://127.0.0.1:8000/v1 OPENAI_API_KEY=... node vercel.mjs
import { createOpenAI } from "@ai-sdk/openai";
import { generateText, stepCountIs, streamText, tool } from "ai";
import { z } from "zod";

const pellucid = createOpenAI({ baseURL: process.env.OPENAI_BASE_URL });
const model = pellucid("pellucid-mini");

const { text } = await generateText({ model, prompt: "What is 6 * 7?" });
console.log(text);

for await (const part of streamText({ model, prompt: "What is 6 * 7?" }).textStream) {
  process.stdout.write(part);
}
process.stdout.write("\n");

const weather = tool({
  description: "The weather of a city today",
  inputSchema: z.object({ city: z.string() }),
  execute: async ({ city }) => `18 degrees and dry in ${city}`,
});
const answered = await generateText({
  model,
  prompt: 'call: weather {"city": "Bern"}',
  tools: { weather },
  stopWhen: stepCountIs(3),
});
console.log(answered.text);
