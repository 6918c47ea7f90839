// OpenAI's package for JavaScript: an answer, a stream, an answer in a form, and what proves it.
//
// PELLUCID_API_KEY=... pellucid serve
// cd examples/node && npm ci
// OPENAI_BASE_URL=http://127.0.0.1:8000/v1 OPENAI_API_KEY=... node openai.mjs
import OpenAI from "openai";

const client = new OpenAI();
const model = "pellucid-mini";

const reply = await client.responses.create({ model, input: "What is 6 * 7?" });
console.log(reply.output_text);
for (const { text, verdict } of reply.pellucid.verdicts) console.log(`  ${text}: ${verdict}`);

const stream = await client.chat.completions.create({
  model,
  messages: [{ role: "user", content: "What is 6 * 7?" }],
  stream: true,
});
for await (const chunk of stream) process.stdout.write(chunk.choices[0]?.delta?.content ?? "");
process.stdout.write("\n");

const city = {
  type: "object",
  properties: { name: { type: "string" }, people: { type: "integer" } },
  required: ["name", "people"],
  additionalProperties: false,
};
const formed = await client.responses.create({
  model,
  input: 'say: {"name": "Bern", "people": 134000}',
  text: { format: { type: "json_schema", name: "city", schema: city, strict: true } },
});
console.log(JSON.parse(formed.output_text).name);
