// ONNX Runtime Web: its WebAssembly kernels with SIMD, on one thread.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import process from "node:process";
import { inputPath, modelPath, serve } from "../peer.mjs";

const ort = createRequire(process.env.BENCH_NODE_MODULES + "/")("onnxruntime-web");
ort.env.wasm.numThreads = 1;
ort.env.logLevel = "error";

const bytes = await readFile(inputPath);
const session = await ort.InferenceSession.create(await readFile(modelPath), { executionProviders: ["wasm"] });
const [height, width, channels] = process.env.BENCH_INPUT.split("x").map(Number);
const integer = bytes.length === height * width * channels;
const own = new Uint8Array(bytes); // a copy, which is aligned
const data = integer ? own : new Float32Array(own.buffer);
const picture = new ort.Tensor(integer ? "uint8" : "float32", data, [1, channels, height, width]);
const feeds = { [session.inputNames[0]]: picture };
const [scores, last] = session.outputNames;
let results;

await serve({
  description: `ONNX Runtime Web ${ort.env.versions.web}`,
  async run() {
    results = await session.run(feeds);
  },
  read: () => ({
    real: results[scores].data,
    codes: last ? [...results[last].data].map((code) => code - 128) : [], // codes there are unsigned
  }),
});
