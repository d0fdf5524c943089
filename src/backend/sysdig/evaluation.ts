import { SEVERITIES, type Counts, type Evaluation, type Finding, type Severity, type Vulnerability } from '../../evaluation/evaluation.js';
import type { ScannedImage } from '../../report/scanned.js';
import type { CheckedImage } from './check.js';
import { resultLink } from './link.js';
