/** The entry of a thread that evaluates stored reports; the build makes dist/evaluateWorker.js of it. */
import { parentPort, workerData } from 'node:worker_threads';
import type { EvaluateRequest } from './request.js';
import { serveJobs } from './serve.js';

if (parentPort) serveJobs(parentPort, workerData as EvaluateRequest);
