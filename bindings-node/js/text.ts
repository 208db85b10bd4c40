// Text with a format. At run time it is a string.

declare const format: unique symbol;

/** A string; two of different formats are not taken for each other, and any string is taken for either. */
type Text<Format extends string> = string & { readonly [format]?: Format };

/** A point in time as RFC 3339 writes it: `1996-12-19T16:39:57.5-08:00`. `parsed.dateTime` makes a `Date` of it. */
export type DateTime = Text<'date-time'>;

/** A day of the calendar: `1996-12-19`. `parsed.date` makes a `Date` of it. */
export type CalendarDate = Text<'date'>;

/** A UUID as RFC 9562 writes it, in either case. `parsed.uuid` gives its bytes. */
export type Uuid = Text<'uuid'>;

/** A URI with its scheme, as RFC 3986 writes it. `parsed.uri` makes a `URL` of it. */
export type Uri = Text<'uri'>;
