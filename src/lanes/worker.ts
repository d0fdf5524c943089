/** The entry of a lane's worker thread; the build makes dist/lane.js of it. */
import { parentPort, workerData } from 'node:worker_threads';
import type { LaneSetup } from './protocol.js';
import { serveLane } from './serve.js';

if (parentPort) serveLane(parentPort, workerData as LaneSetup);
