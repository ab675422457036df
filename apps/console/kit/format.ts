export type Zone = 'WIB' | 'WITA' | 'WIT';
type Language = 'id' | 'en';
const zones: Record<Zone, string> = { WIB: 'Asia/Jakarta', WITA: 'Asia/Makassar', WIT: 'Asia/Jayapura' };
const locale = (language: Language) => (language === 'en' ? 'en-GB' : 'id-ID');

/** `24 Nov 2026 22.15 WIB`: the zone is always told, because a kabupaten's officials and its servers may differ. */
export const moment = (iso: string | null, zone: string = 'WIB', language: Language = 'id'): string => {
  if (!iso) return '–';
  const known = zone in zones ? (zone as Zone) : 'WIB';
  const options: Intl.DateTimeFormatOptions = {
    timeZone: zones[known],
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  };
  const parts = Object.fromEntries(
    new Intl.DateTimeFormat(locale(language), options)
      .formatToParts(new Date(iso))
      .map((part) => [part.type, part.value]),
  );
  return `${parts.day} ${parts.month} ${parts.year} ${parts.hour}${language === 'en' ? ':' : '.'}${parts.minute} ${known}`;
};

/** `22.15.07`, for the lines of a log. */
export const clock = (iso: string, zone: Zone = 'WIB', language: Language = 'id'): string =>
  new Intl.DateTimeFormat(locale(language), {
    timeZone: zones[zone],
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  }).format(new Date(iso));

const offsets: Record<Zone, string> = { WIB: '+07:00', WITA: '+08:00', WIT: '+09:00' };

/** The last second of a day that was chosen in the zone of a desa: `2026-12-31` becomes an instant. */
export const endOfDay = (day: string, zone: string = 'WIB'): string =>
  new Date(`${day}T23:59:59${zone in offsets ? offsets[zone as Zone] : offsets.WIB}`).toISOString();

/** `31 Des 2026` for `2026-12-31`: a day of the calendar, of no zone. */
export const dayName = (day: string, language: Language = 'id'): string =>
  new Intl.DateTimeFormat(locale(language), {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    timeZone: 'UTC',
  }).format(new Date(`${day}T00:00:00Z`));

/** `Des 2026` for `2026-12`. */
export const monthName = (month: string, language: Language = 'id'): string =>
  new Intl.DateTimeFormat(locale(language), { month: 'short', year: 'numeric', timeZone: 'UTC' }).format(
    new Date(`${month}-01T00:00:00Z`),
  );

export const number = (value: number, language: Language = 'id'): string =>
  new Intl.NumberFormat(locale(language), { maximumFractionDigits: 1 }).format(value);

const units = {
  id: { second: 'detik', minute: 'menit', hour: 'jam' },
  en: { second: 's', minute: 'min', hour: 'h' },
};

/** `2 menit 5 detik`: two units are enough for a person who waits. */
export const duration = (seconds: number, language: Language = 'id'): string => {
  const unit = units[language];
  const whole = Math.max(0, Math.round(seconds));
  if (seconds > 0 && seconds < 1) return `< 1 ${unit.second}`;
  if (whole < 60) return `${whole} ${unit.second}`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} ${unit.minute}${whole % 60 ? ` ${whole % 60} ${unit.second}` : ''}`;
  return `${number(Math.floor(minutes / 60), language)} ${unit.hour}${minutes % 60 ? ` ${minutes % 60} ${unit.minute}` : ''}`;
};

export const between = (from: string | null, until: string | null, now: number = Date.now()): number | null =>
  from ? ((until ? Date.parse(until) : now) - Date.parse(from)) / 1000 : null;

/** `3303012001` is shown `33.03.01.2001`; a kabupaten's `3303` is shown `33.03`. */
export const dotted = (code: string): string =>
  [code.slice(0, 2), code.slice(2, 4), code.slice(4, 6), code.slice(6)].filter(Boolean).join('.');

export const undotted = (code: string): string => code.replace(/[.\s]/g, '');

const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);

/** `Nagari Koto Baru`: what a desa is called here, and its name. */
export const fullName = ({ sebutan, name }: { sebutan: string; name: string }): string => `${capital(sebutan)} ${name}`;

/** The register writes regions in capitals; a reader is spared them. */
export const titled = (text: string): string =>
  text === text.toUpperCase() ? text.toLowerCase().split(' ').map(capital).join(' ') : text;
