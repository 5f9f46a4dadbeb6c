/** Log lines without keys: of parameters whose name says that they hold one, of headers, and of texts that are one. */
const NAMED = /((?:^|[?&\s])[\w.%-]{0,60}(?:key|token|secret|passw(?:or)?d|auth|signature|sig)=)[^&\s]+/gi;
const SCHEME = /\b(Bearer|Basic)\s+[\w+/=.~-]{8,}/gi;
const KNOWN =
  /\b(?:ph[xs]_|[sr]k_(?:live|test)_|whsec_|xox[abeprs]-|gh[pousr]_|github_pat_|glpat-|shpat_|AKIA|SG\.|eyJ)[\w.-]{8,}/g;
const USER = /(:\/\/[^\s/@:]*:)[^\s/@]+@/g;

export const maskLine = (line: string): string =>
  line
    .replace(NAMED, "$1[secret]")
    .replace(SCHEME, "$1 [secret]")
    .replace(KNOWN, "[secret]")
    .replace(USER, "$1[secret]@");
