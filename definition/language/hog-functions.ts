// The functions that Hog expressions know (run time §6.1 lists those that matter), and how many arguments each takes: what PostHog's own virtual
// machine declares (@posthog/hogvm; a test compares).
import { table } from "../schema/table";

const MANY = Number.POSITIVE_INFINITY;

/** Fewest and most arguments, by name. */
export const HOG_FUNCTIONS = table<readonly number[]>({
  Error: [0, 2], HogError: [1, 3], JSONExtract: [2, MANY], JSONExtractArrayRaw: [1, MANY], JSONExtractBool: [1, MANY], JSONExtractFloat: [1, MANY],
  JSONExtractInt: [1, MANY], JSONExtractString: [1, MANY], JSONHas: [1, MANY], JSONLength: [1, MANY], NotImplementedError: [0, 2],
  RetryError: [0, 2], addDays: [2, 2], and: [1, MANY], arrayCount: [2, 2], arrayExists: [2, 2], arrayFilter: [2, 2], arrayMap: [2, 2],
  arrayPopBack: [1, 1], arrayPopFront: [1, 1], arrayPushBack: [2, 2], arrayPushFront: [2, 2], arrayReduce: [3, 3], arrayReverse: [1, 1],
  arrayReverseSort: [1, MANY], arraySort: [1, MANY], arrayStringConcat: [1, 2], assumeNotNull: [1, 1], base64Decode: [1, 1], base64Encode: [1, 1],
  coalesce: [1, MANY], concat: [1, MANY], dateAdd: [3, 3], dateDiff: [3, 3], dateTrunc: [2, 3], decodeURLComponent: [1, 1], empty: [1, 1],
  encodeURLComponent: [1, 1], equals: [2, 2], extract: [2, 2], extractRegex: [2, 2], floor: [1, 2], formatDateTime: [2, 3],
  fromUnixTimestamp: [1, 1], fromUnixTimestampMilli: [1, 1], generateUUIDv4: [0, 0], greater: [2, 2], greaterOrEquals: [2, 2], has: [2, 2],
  if: [2, 3], ifNull: [2, 2], ilike: [2, 2], in: [2, 2], inCohort: [2, 2], indexOf: [2, 2], isIPAddressInRange: [2, 2], isNotNull: [1, 1],
  isNull: [1, 1], isValidJSON: [1, 1], jsonParse: [1, 1], jsonStringify: [1, 2], keys: [1, 1], length: [1, 1], less: [2, 2], lessOrEquals: [2, 2],
  like: [2, 2], lower: [1, 1], match: [2, 2], md5: [1, 2], md5Hex: [1, 1], min2: [2, 2], minus: [2, 2], multiIf: [2, MANY],
  multiSearchAnyCaseInsensitive: [2, 2], not: [1, 1], notEmpty: [1, 1], notEquals: [2, 2], notILike: [2, 2], notInCohort: [2, 2], notLike: [2, 2],
  now: [0, 1], or: [1, MANY], plus: [2, 2], position: [2, 3], positionCaseInsensitive: [2, 3], print: [0, MANY], randomFloat: [0, 0], range: [1, 2],
  replaceAll: [3, 3], replaceOne: [3, 3], reverse: [1, 1], round: [1, 2], sha1: [1, 2], sha1Hex: [1, 1], sha1HmacChain: [1, 2],
  sha1HmacChainHex: [1, 1], sha256: [1, 2], sha256Hex: [1, 1], sha256HmacChain: [1, 2], sha256HmacChainHex: [1, 1], sortableSemver: [1, 1],
  splitByString: [2, 3], startsWith: [2, 2], substring: [2, 3], toDate: [1, 1], toDateTime: [1, 2], toFloat: [1, 1], toInt: [1, 1],
  toIntervalDay: [1, 1], toIntervalHour: [1, 1], toIntervalMinute: [1, 1], toIntervalMonth: [1, 1], toMonth: [1, 1], toStartOfDay: [1, 2],
  toStartOfHour: [1, 1], toStartOfMonth: [1, 1], toStartOfWeek: [1, 2], toString: [1, 2], toTimeZone: [2, 2], toUUID: [1, 1],
  toUnixTimestamp: [1, 2], toUnixTimestampMilli: [1, 2], toYYYYMM: [1, 1], toYear: [1, 1], today: [0, 0], trim: [1, 2], trimLeft: [1, 2],
  trimRight: [1, 2], tryBase64Decode: [1, 1], tryDecodeURLComponent: [1, 1], tuple: [0, MANY], typeof: [1, 1], upper: [1, 1], values: [1, 1],
});
