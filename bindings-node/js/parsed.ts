// Views of text with a format. A value of the contract is its text; these read it when somebody asks.

import type { ErrorCode } from './codes';
import { ContractError } from './error';
import type { CalendarDate, DateTime, Uri, Uuid } from './text';

const DAY = /^(\d{4})-(\d\d)-(\d\d)$/;
const TIME = /^([01]\d|2[0-3]):([0-5]\d):([0-5]\d|60)(?:\.(\d+))?(?:[zZ]|([+-])([01]\d|2[0-3]):([0-5]\d))$/;
const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i;

/**
 * The point in time. A leap second is the first second of the next minute, as for all clocks of computers; what is
 * smaller than a millisecond, and the offset, are in the text alone.
 */
function dateTime(text: DateTime): Date {
  const time = TIME.exec(text.slice(11));
  if (time === null || !/[tT]/.test(text.charAt(10))) throw unfit('date-time');
  const [, hour, minute, second, fraction = '', sign, offsetHour, offsetMinute] = time;
  const offset = sign === undefined ? 0 : Number(`${sign}1`) * (Number(offsetHour) * 60 + Number(offsetMinute));
  const minutes = Number(hour) * 60 + Number(minute) - offset;
  // A leap second ends a day of UTC.
  if (second === '60' && (minutes + 2 * 1440) % 1440 !== 1439) throw unfit('date-time');
  const ms = Number(fraction.slice(0, 3).padEnd(3, '0'));
  return new Date(midnight(text.slice(0, 10), 'date-time') + (minutes * 60 + Number(second)) * 1000 + ms);
}

/** Midnight of the day in UTC: what `new Date('2024-02-29')` is. */
function date(text: CalendarDate): Date {
  return new Date(midnight(text, 'date'));
}

function midnight(text: string, format: string): number {
  const day = DAY.exec(text);
  if (day === null) throw unfit(format);
  const [, year, month, dayOfMonth] = day.map(Number) as [number, number, number, number];
  // `Date.UTC` takes the years 0 to 99 for those of the last century.
  const at = new Date(0).setUTCFullYear(year, month - 1, dayOfMonth);
  if (new Date(at).getUTCDate() !== dayOfMonth || month < 1 || month > 12) throw unfit(format);
  return at;
}

/** The 16 bytes. */
function uuid(text: Uuid): Uint8Array {
  if (!UUID.test(text)) throw unfit('uuid');
  return new Uint8Array(Buffer.from(text.replaceAll('-', ''), 'hex'));
}

/** The URL, in the normal form that the WHATWG gives it. A few URIs are none, such as one with a port beyond 65535. */
function uri(text: Uri): URL {
  if (!/^[a-z][a-z\d+.-]*:/i.test(text)) throw unfit('uri');
  try {
    return new URL(text);
  } catch {
    // Its error would name the text.
    throw problem('range_mismatch', 'the text may be right, but `URL` cannot hold it');
  }
}

function unfit(format: string): ContractError {
  return problem('format_mismatch', `expected a text of the format \`${format}\``);
}

function problem(code: ErrorCode, message: string): ContractError {
  return new ContractError({ code, at: '', message });
}

/**
 * Text with a format, as a value that one can work with: `parsed.dateTime(order.at)`.
 *
 * Each throws a `ContractError`: `format_mismatch` when the text is not of the format, `range_mismatch` when the class
 * cannot hold what it says.
 */
export const parsed = Object.freeze({ dateTime, date, uuid, uri });
