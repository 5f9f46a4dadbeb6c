// What the page uses of htmlparser2, which reads HTML as browsers and mailboxes do, however broken it is.
export { Parser } from "htmlparser2";
