/** Our own texts in the browser's language, if it is one of theirs. */
export const inLanguage = ({ en, ko }) => (navigator.language.startsWith("ko") ? ko : en);
